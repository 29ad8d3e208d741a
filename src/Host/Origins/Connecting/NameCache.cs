using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>The system's resolver, or a test's. A <see cref="SocketException"/> says that there is no answer.</summary>
internal delegate Task<IPAddress[]> NameLookup(string host);

/// <summary>
/// The addresses of names. An answer serves for a moment without asking again, and for long when the resolver is silent or fails (RFC
/// 8767): the mirrors of an archive seldom move, and least of all while this machine's DNS is down.
/// </summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore whose handle nobody takes has nothing to free, and a question may outlive us.")]
internal sealed partial class NameCache(
    NameLookup lookup, IOptions<ConnectingOptions> options, TimeProvider time, ILogger<NameCache> logger)
{
    /// <summary>
    /// How long an answer is not asked for again; the record's own time is not told by getaddrinfo(3). A machine's resolver often has a
    /// cache too.
    /// </summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the resolver is waited for when there is an answer from before, or when only a rule wants to know. Usual answers take a
    /// tenth of it.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long after a failure nobody asks again who can do without.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int MaxNames = 1_000; // clients name origins; they must not be able to fill memory

    private const int MaxLookups = 16; // each holds a thread while the resolver is silent; the others wait their turn

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Name> _names = [];
    private readonly SemaphoreSlim _turns = new(MaxLookups);

    /// <summary>Raised when the resolver has told the addresses of a name. Handlers return at once.</summary>
    public event Action<string, IReadOnlyList<IPAddress>>? Resolved;

    /// <summary>
    /// The system's resolver. getaddrinfo(3) blocks: on threads of the pool, a resolver that is silent would bring all of the daemon to a
    /// halt.
    /// </summary>
    public static Task<IPAddress[]> SystemLookupAsync(string host) =>
        Task.Factory.StartNew(
            () => Dns.GetHostAddresses(host), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The addresses to connect to. Waits for the resolver only while nothing is known, or for a moment.</summary>
    /// <exception cref="IOException">The name cannot be resolved.</exception>
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var name = Find(host, out var known, out var asking, mustAsk: true);
        if (asking is null)
        {
            return known;
        }

        if (known.Length == 0)
        {
            var problem = await asking.WaitAsync(cancellationToken);
            return problem is null ? name.Addresses : throw new IOException($"the name {host} cannot be resolved: {problem}");
        }

        await WaitAsync(host, name, asking, cancellationToken);
        return name.Addresses is { Length: > 0 } addresses
            ? addresses
            : throw new IOException($"the name {host} cannot be resolved: it is gone");
    }

    /// <summary>The addresses as far as they are known, or can be in a moment; none when the resolver does not say.</summary>
    public async ValueTask<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        var name = Find(host, out var known, out var asking, mustAsk: false);
        if (known.Length == 0 && asking is not null)
        {
            await WaitAsync(host, name, asking, cancellationToken);
            known = name.Addresses;
        }

        return known;
    }

    /// <summary>Has each name asked for again when it is wanted next; what is known serves while the resolver is silent.</summary>
    public void AskAnew()
    {
        lock (_lock)
        {
            var old = time.GetTimestamp() - (long)(Fresh.TotalSeconds * time.TimestampFrequency);
            foreach (var name in _names.Values)
            {
                (name.Resolved, name.Failed, name.IsSilent) = (Math.Min(name.Resolved, old), null, false);
            }
        }
    }

    /// <param name="host">The name.</param>
    /// <param name="known">Its addresses, which may be old.</param>
    /// <param name="asking">The question that is on its way, unless they are fresh or it is too early to ask again.</param>
    /// <param name="mustAsk">Whether to ask also shortly after a failure when nothing is known.</param>
    private Name Find(string host, out IPAddress[] known, out Task<string?>? asking, bool mustAsk)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_names.TryGetValue(host, out var name))
            {
                MakeRoom();
                _names[host] = name = new Name();
            }

            name.Used = now;
            if (name.Addresses.Length > 0 && time.GetElapsedTime(name.Resolved, now) > options.Value.KeepNames)
            {
                name.Addresses = [];
            }

            known = name.Addresses;
            var isFresh = known.Length > 0 && time.GetElapsedTime(name.Resolved, now) < Fresh;
            var isEarly = name.Failed is { } failed && time.GetElapsedTime(failed, now) < Pause && !(mustAsk && known.Length == 0);
            asking = name.Asking;
            if (asking is null && !isFresh && !isEarly)
            {
                asking = AskAsync(host, name);
                name.Asking = asking.IsCompleted ? null : asking;
            }

            return name;
        }
    }

    /// <summary>Waits for a moment, but not again for a resolver that was waited for in vain.</summary>
    private async Task WaitAsync(string host, Name name, Task<string?> asking, CancellationToken cancellationToken)
    {
        if (name.IsSilent)
        {
            return;
        }

        try
        {
            await asking.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            name.IsSilent = true;
            if (name.Addresses.Length > 0)
            {
                LogOld(host, "no answer");
            }
        }
    }

    /// <returns>Why there are no addresses, if so.</returns>
    private async Task<string?> AskAsync(string host, Name name)
    {
        await _turns.WaitAsync();
        IPAddress[] addresses = [];
        var failure = (SocketException?)null;
        try
        {
            addresses = await lookup(host);
        }
        catch (SocketException e)
        {
            failure = e;
        }
        catch (ArgumentException)
        {
            failure = new SocketException((int)SocketError.HostNotFound); // longer than a name can be
        }
        finally
        {
            _turns.Release();
        }

        if (addresses.Length > 0)
        {
            Resolved?.Invoke(host, addresses);
        }

        lock (_lock)
        {
            name.Asking = null;
            var isAnswer = failure is null or { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData };
            if (isAnswer)
            {
                (name.Addresses, name.Resolved, name.IsSilent) = (addresses, time.GetTimestamp(), false);
            }

            if (!isAnswer && name is { Failed: null, IsSilent: false, Addresses.Length: > 0 })
            {
                LogOld(host, failure!.Message);
            }

            name.Failed = failure is null ? null : time.GetTimestamp();
            return failure?.Message;
        }
    }

    /// <summary>What was used longest ago goes first; what never resolved, before it.</summary>
    private void MakeRoom()
    {
        if (_names.Count >= MaxNames)
        {
            _names.Remove(_names.MinBy(entry => (entry.Value.Addresses.Length > 0, entry.Value.Used)).Key);
        }
    }

    [LoggerMessage(1700, LogLevel.Information, "{Host} cannot be resolved ({Reason}): the addresses from before are used")]
    private partial void LogOld(string host, string reason);

    private sealed class Name
    {
        public IPAddress[] Addresses { get; set; } = [];

        public long Resolved { get; set; }

        public long Used { get; set; }

        public long? Failed { get; set; }

        public bool IsSilent { get; set; }

        /// <summary>One question at a time, for all who want to know.</summary>
        public Task<string?>? Asking { get; set; }
    }
}
