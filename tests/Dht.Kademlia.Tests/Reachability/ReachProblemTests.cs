using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Reachability;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

public sealed class ReachProblemTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Fact]
    public void Of_NobodyHasSaid_None() => Assert.Null(ReachProblem.Of([Watch(AddressFamily.InterNetwork, null)]));

    [Fact]
    public void Of_Reached_None() => Assert.Null(ReachProblem.Of([Watch(AddressFamily.InterNetwork, true)]));

    [Fact]
    public void Of_ReachedInNeither_AWarningWithWhatToForward()
    {
        var problem = ReachProblem.Of([Watch(AddressFamily.InterNetwork, false), Watch(AddressFamily.InterNetworkV6, false)])!;

        Assert.Equal(("notReached", ProblemSeverity.Warning), (problem.Key, problem.Severity));
        Assert.Equal(
            "Others do not reach this node over IPv4 or IPv6: no router was found that passes the port on", problem.Label);
        Assert.Equal("Forward port 9977, TCP and UDP, to 192.168.1.20.", problem.Advice);
    }

    [Fact]
    public void Of_ReachedInTheOther_ANotice()
    {
        var problem = ReachProblem.Of([Watch(AddressFamily.InterNetwork, true), Watch(AddressFamily.InterNetworkV6, false)])!;

        Assert.Equal(ProblemSeverity.Notice, problem.Severity);
        Assert.StartsWith("Others do not reach this node over IPv6: ", problem.Label, StringComparison.Ordinal);
        Assert.Equal("Let port 9977, TCP and UDP, through to 192.168.1.20.", problem.Advice);
    }

    /// <summary>One that two nodes have told whether they reach it.</summary>
    private ReachWatch Watch(AddressFamily family, bool? reached)
    {
        SynchronizationContext.SetSynchronizationContext(null); // the clock's thread goes on with what waits for the clock
        UdpEndpoint[] nodes = [UdpEndpoint.From(IPEndPoint.Parse("9.9.0.1:9977")), UdpEndpoint.From(IPEndPoint.Parse("9.8.0.1:9977"))];
        var hands = new ReachHands(
            _ => nodes,
            (_, _, _, _) => Task.FromResult(reached is { } both ? new ReachAnswer(both, both) : (ReachAnswer?)null),
            static _ => IPAddress.Parse("192.168.1.20"),
            static _ => { });
        var watch = new ReachWatch(
            family, 9977, new KademliaOptions(), hands, new ListedAddresses(), _time, new Random(3), new LogLines<ReachWatch>());
        _ = watch.RunAsync(_stop.Token);
        _time.Advance(TimeSpan.FromMinutes(10));
        return watch;
    }
}
