using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>The ways in by names, in their order, in virtual time.</summary>
public sealed class NamedNodesTests : IDisposable
{
    private readonly SimulatedNetwork _network = new(seed: 32);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, IPAddress[]> _zone = [];
    private readonly List<SimulatedNode> _others;
    private readonly SimulatedNode _node;
    private readonly OwnNetwork _own;
    private readonly List<string> _resolved = [];
    private Action<string> _whenResolved = static _ => { };
    private NamedNodes? _named;
    private int _searched;

    public NamedNodesTests()
    {
        _others = _network.Grow(6);
        _node = new SimulatedNode(_network, SimulatedNetworks.Address(500), new KademliaOptions());
        _own = new OwnNetwork(_node.Node, new ListedAddresses(), _network.Time);
        _node.Node.Start([]);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _named?.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void Watch_BootstrapIsAName_AllItsAddressesAreEntered()
    {
        _zone["nodes.example"] = [.. _others.Take(2).Select(AddressOf)];
        Watch(new KademliaOptions { Bootstrap = ["nodes.example:9977"] });
        _network.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("Bootstrap", _own.FoundBy());
        Assert.Equal(6, _own.Count());
    }

    [Fact]
    public void Watch_FewAreKnown_TheSearchDomainsAreAskedToo()
    {
        _zone["node.site.example"] = [AddressOf(_others[3])];
        Watch(new KademliaOptions(), "node.site.example:9977");
        _network.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("SRV records", _own.FoundBy());
        Assert.Equal(1, _searched);
    }

    [Fact]
    public void Watch_EnoughAreKnown_NoNameIsResolved()
    {
        _node.Node.Enter([_others[0].Endpoint]);
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        Watch(new KademliaOptions { EnoughNodes = 5, Bootstrap = ["nodes.example:9977"] }, "node.site.example:9977");
        _network.Time.Advance(TimeSpan.FromHours(5));

        Assert.Empty(_resolved);
        Assert.Equal(0, _searched);
    }

    [Fact]
    public void Watch_NothingResolves_IsTriedAgainAtGrowingPauses()
    {
        Watch(new KademliaOptions { Bootstrap = ["nodes.example:9977"] });
        _network.Time.Advance(TimeSpan.FromHours(1));

        Assert.InRange(_resolved.Count, 12, 24);
    }

    [Fact]
    public async Task Watch_AnotherNetwork_NamesAreResolvedThereAtOnce()
    {
        Watch(new KademliaOptions { Bootstrap = ["nodes.example:9977"] });
        _network.Time.Advance(TimeSpan.FromHours(1));
        var again = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _whenResolved = again.SetResult;

        _named!.NetworkChanged(); // the clock stands still

        Assert.Equal("nodes.example", await again.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Watch_NobodyElsewhereIsDealtWith_OnlyNearOnesAreEntered()
    {
        _zone["nodes.example"] = [.. _others.Select(AddressOf)];
        Watch(new KademliaOptions { Bootstrap = ["nodes.example:9977"] }, mayEnter: static endpoint => endpoint.IsLocal());
        _network.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, _own.Count());
    }

    private static IPAddress AddressOf(SimulatedNode node) => node.Endpoint.ToIPEndPoint().Address;

    private void Watch(KademliaOptions options, string? service = null, Func<UdpEndpoint, bool>? mayEnter = null)
    {
        SynchronizationContext.SetSynchronizationContext(null); // the clock's thread goes on with what waits for the clock
        var names = new NodeNames(options, ResolveAsync, "Names", NullLogger.Instance);
        _named = new NamedNodes(
            options, names, service is null ? null : SearchAsync, _own, mayEnter ?? (static _ => true), _network.Time);
        _ = _named.WatchAsync(_stop.Token);

        Task<IReadOnlyList<string>> SearchAsync(CancellationToken cancellationToken)
        {
            _searched++;
            return Task.FromResult<IReadOnlyList<string>>([service]);
        }
    }

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        _resolved.Add(name);
        _whenResolved(name);
        return _zone.TryGetValue(name, out var addresses)
            ? Task.FromResult(addresses)
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}
