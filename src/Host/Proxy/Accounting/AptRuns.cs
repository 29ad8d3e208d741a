using System.Net;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>
/// Sums up what each client gets in one run of apt, and says it in one line when that is over: when the client has had no connection for
/// <see cref="Quiet"/>. apt keeps its connections until it has everything; debootstrap and others open one for each file.
/// </summary>
internal sealed partial class AptRuns(TimeProvider time, ILogger<AptRuns> logger) : IDisposable
{
    /// <summary>
    /// How long a client must have been gone. An update is followed by its install within seconds, and is a run of its own.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How many clients are summed up at a time; others are served all the same. More lines than that nobody reads.
    /// </summary>
    public const int MaxClients = 1_000;

    /// <summary>How many runs the status page shows, those under way too.</summary>
    public const int Shown = 20;

    private readonly Dictionary<IPAddress, AptRun> _runs = [];
    private readonly Queue<AptRunSummary> _ended = new();
    private readonly Lock _lock = new();
    private long _number;

    /// <summary>The last runs, the newest first.</summary>
    public IReadOnlyList<AptRunSummary> Recent
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _runs.Values.Select(run => run.Summarize(isActive: true)).Where(run => run.Files > 0).Concat(_ended)
                        .OrderByDescending(run => run.Number).Take(Shown),
                ];
            }
        }
    }

    /// <summary>What people call a client.</summary>
    public static string NameOf(IPAddress client) => IPAddress.IsLoopback(client) ? "this machine" : client.ToString();

    /// <summary>A client has a connection on which it asks for something. Ended by <see cref="Leave"/>.</summary>
    /// <returns>Nothing when there are too many.</returns>
    public AptRun? Enter(IPAddress client)
    {
        client = client.Scope() == AddressScope.Loopback ? IPAddress.Loopback : client.Plain();
        lock (_lock)
        {
            if (!_runs.TryGetValue(client, out var run))
            {
                if (_runs.Count == MaxClients)
                {
                    return null;
                }

                _runs[client] = run = new AptRun(++_number, client, time, End);
            }

            run.Connections++;
            return run;
        }
    }

    public void Leave(AptRun run)
    {
        lock (_lock)
        {
            if (--run.Connections == 0)
            {
                run.EndAfter(Quiet);
            }
        }
    }

    /// <summary>Says what there is of those that are under way.</summary>
    public void Dispose()
    {
        foreach (var run in _runs.Values)
        {
            Log(run);
        }

        _runs.Clear();
    }

    private void End(AptRun run)
    {
        lock (_lock)
        {
            if (run.Connections > 0)
            {
                return; // it has come back
            }

            _runs.Remove(run.Client);
            if (run.Files > 0)
            {
                _ended.Enqueue(run.Summarize(isActive: false));
                while (_ended.Count > Shown)
                {
                    _ended.Dequeue();
                }
            }
        }

        Log(run);
    }

    private void Log(AptRun run)
    {
        run.Dispose();
        if (run.Files > 0)
        {
            LogRun(NameOf(run.Client), run.Files, run.ToString());
        }
    }

    [LoggerMessage(1150, LogLevel.Information, "{Client}: {Files} files, {Summary}")]
    private partial void LogRun(string client, long files, string summary);
}
