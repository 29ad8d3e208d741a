using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Tests.Origins.Connecting;

/// <summary>A resolver and addresses that do as they are told, on a clock that stands still, behind the real connector.</summary>
internal sealed class Network
{
    private readonly ConcurrentDictionary<string, Func<Task<IPAddress[]>>> _names = new();
    private readonly ConcurrentDictionary<IPAddress, Func<CancellationToken, Task>> _addresses = new();
    private readonly Lock _lock = new();
    private readonly List<string> _asked = [];
    private readonly List<(IPAddress Address, TimeSpan After)> _dialled = [];

    public Network()
    {
        var origins = Options.Create(Origins);
        Names = new NameCache(LookUpAsync, origins, Time, NullLogger<NameCache>.Instance);
        Connector = new OriginConnector(
            Names, new AddressRace(DialAsync, Dead = new DeadAddresses(origins, Time), origins, Time),
            Machine, Options.Create(new UpstreamOptions()), Options.Create(new NodeOptions()), Time);
    }

    public VirtualTime Time { get; } = new();

    public ListedAddresses Machine { get; } = new("127.0.0.1");

    public ConnectingOptions Origins { get; } = new();

    public NameCache Names { get; }

    public DeadAddresses Dead { get; }

    public OriginConnector Connector { get; }

    /// <summary>Names that the resolver was asked for.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>Connections that were tried, and when.</summary>
    public IReadOnlyList<(IPAddress Address, TimeSpan After)> Dialled
    {
        get
        {
            lock (_lock)
            {
                return [.. _dialled];
            }
        }
    }

    /// <summary>Streams that were connected and not disposed of.</summary>
    public int Open;

    public void Resolves(string name, params string[] addresses) =>
        _names[name] = () => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    public void Fails(string name, SocketError error) => _names[name] = () => throw new SocketException((int)error);

    public TaskCompletionSource<IPAddress[]> Hangs(string name)
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _names[name] = () => answer.Task;
        return answer;
    }

    public void Takes(string address) => _addresses[IPAddress.Parse(address)] = _ => Task.CompletedTask;

    /// <summary>A connection that comes when it is told to, whoever still wants it.</summary>
    public void TakesWhen(string address, Task when) => _addresses[IPAddress.Parse(address)] = _ => when;

    public void Swallows(string address) => _addresses[IPAddress.Parse(address)] = async token =>
    {
        var never = new TaskCompletionSource(); // ends within the call that cancels it: the clock must not go on meanwhile
        await using var _ = token.Register(() => never.TrySetCanceled(token));
        await never.Task;
    };

    public void Refuses(string address) =>
        _addresses[IPAddress.Parse(address)] = _ => throw new SocketException((int)SocketError.ConnectionRefused);

    private Task<IPAddress[]> LookUpAsync(string host)
    {
        lock (_lock)
        {
            _asked.Add(host);
        }

        return _names.TryGetValue(host, out var answer) ? answer() : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _dialled.Add((address.Address, Time.Elapsed));
        }

        await _addresses[address.Address](cancellationToken);
        Interlocked.Increment(ref Open);
        return new Connected(this, address.Address);
    }

    public sealed class Connected(Network network, IPAddress address) : MemoryStream
    {
        public IPAddress Address => address;

        protected override void Dispose(bool disposing)
        {
            Interlocked.Decrement(ref network.Open);
            base.Dispose(disposing);
        }
    }
}
