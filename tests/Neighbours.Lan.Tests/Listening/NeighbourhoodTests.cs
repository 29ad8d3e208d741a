using System.Net;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Listening;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Listening;

public sealed class NeighbourhoodTests : NeighboursConformance
{
    private static readonly Link Ethernet = new(2, "eth0", false, IPAddress.Parse("192.168.1.5"), null, []);
    private static readonly IPEndPoint A = IPEndPoint.Parse("192.168.1.7:9977");
    private static readonly IPEndPoint B = IPEndPoint.Parse("192.168.1.8:9977");

    private readonly VirtualTime _time = new();
    private readonly Neighbourhood _neighbourhood;

    public NeighbourhoodTests() => _neighbourhood = new Neighbourhood(Options.Create(new LanOptions { MaxNeighbours = 3 }), _time);

    protected override INeighbours Neighbours => _neighbourhood;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected override ValueTask<IPEndPoint> AppearAsync()
    {
        Hear(A);
        return new(A);
    }

    [Fact]
    public async Task Watch_BySeveral_EachHearsOfTheKnownTheNewAndTheirSignsOfLife()
    {
        Hear(A);
        var (first, second) = (WatchAsync(3), WatchAsync(3));

        Hear(B);
        Hear(A);

        Assert.Equal([A, B, A], await first);
        Assert.Equal([A, B, A], await second);
    }

    [Fact]
    public async Task Watch_AListenerThatIsSlow_MissesTheOldest()
    {
        await using var slow = _neighbourhood.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var first = slow.MoveNextAsync();
        Hear(A);
        Assert.True(await first);

        for (var i = 0; i < 10; i++)
        {
            Hear(A);
        }

        Hear(B);
        List<IPEndPoint> told = [];
        while (told.LastOrDefault() != B)
        {
            Assert.True(await slow.MoveNextAsync());
            told.Add(slow.Current);
        }

        Assert.Equal([A, A, B], told);
    }

    [Fact]
    public async Task Watch_OneThatIsForgotten_IsNotTold()
    {
        Hear(A);
        _time.Advance(TimeSpan.FromMinutes(15));
        Hear(B);

        Assert.Equal([B], await WatchAsync(1));
    }

    [Fact]
    public void Hear_NoRoom_WhoIsKnownStaysAndANewcomerComesWhenOneHasGone()
    {
        IPEndPoint[] known = [A, B, IPEndPoint.Parse("192.168.1.9:9977")];
        Array.ForEach(known, endPoint => Hear(endPoint));
        var newcomer = IPEndPoint.Parse("192.168.1.10:9977");

        Assert.Equal(Sighting.None, Hear(newcomer));
        _time.Advance(TimeSpan.FromMinutes(14));
        Hear(A);
        Hear(B);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Sighting.New, Hear(newcomer));
        Assert.Equal([A, B, newcomer], _neighbourhood.Current.Select(neighbour => neighbour.EndPoint));
    }

    [Fact]
    public void Hear_OneThatHasComeBack_IsNewAgain()
    {
        Hear(A);
        Hear(A);

        Assert.Equal(Sighting.New, _neighbourhood.Hear(A, Ethernet, start: 2));
    }

    [Fact]
    public void Keep_ALinkThatHasGone_ForgetsItsNeighbours()
    {
        Hear(A);

        _neighbourhood.Keep([Ethernet]);
        Assert.Single(_neighbourhood.Current);
        _neighbourhood.Keep([Ethernet with { V4 = IPAddress.Parse("10.0.0.5") }]);
        Assert.Empty(_neighbourhood.Current);
    }

    private Sighting Hear(IPEndPoint endPoint) => _neighbourhood.Hear(endPoint, Ethernet, start: 1);

    /// <summary>Listens from now on.</summary>
    private Task<List<IPEndPoint>> WatchAsync(int count)
    {
        var watch = _neighbourhood.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var first = watch.MoveNextAsync(); // it listens once this is called
        return ReadAsync();

        async Task<List<IPEndPoint>> ReadAsync()
        {
            List<IPEndPoint> told = [];
            for (var next = first; await next; next = watch.MoveNextAsync())
            {
                told.Add(watch.Current);
                if (told.Count == count)
                {
                    break;
                }
            }

            await watch.DisposeAsync();
            return told;
        }
    }
}
