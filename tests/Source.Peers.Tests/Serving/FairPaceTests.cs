using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Serving;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

public sealed class FairPaceTests
{
    private const int Portion = 10_000;

    private readonly VirtualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Wait_NoLimit_AtOnce()
    {
        using var pace = new FairPace(() => 0, 0, Home.Parties, _time);

        Assert.True(pace.WaitAsync(Peer(1), int.MaxValue, Cancellation).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wait_OneRequester_GetsTheRate()
    {
        using var pace = new FairPace(() => 100_000, 0, Home.Parties, _time);

        var bytes = await TakeForAsync(pace, TimeSpan.FromSeconds(10), Peer(1));

        Assert.InRange(bytes[Peer(1)], 1_000_000, 1_050_000); // and what may come at once
    }

    [Fact]
    public async Task Wait_OneWithManyConnections_NoMoreThanOneWithOne()
    {
        using var pace = new FairPace(() => 100_000, 0, Home.Parties, _time);

        var bytes = await TakeForAsync(pace, TimeSpan.FromSeconds(10), [.. Enumerable.Repeat(Peer(1), 9), Peer(2)]);

        Assert.InRange(bytes[Peer(1)] + bytes[Peer(2)], 1_000_000, 1_060_000);
        Assert.InRange(bytes[Peer(2)], bytes[Peer(1)] - 40_000, bytes[Peer(1)] + 40_000);
    }

    [Fact]
    public async Task Wait_OwnLimit_HoldsAndLeavesTheRestToOthers()
    {
        using var pace = new FairPace(() => 100_000, 60_000, Home.Parties, _time);

        var alone = await TakeForAsync(pace, TimeSpan.FromSeconds(10), Peer(1));
        var both = await TakeForAsync(pace, TimeSpan.FromSeconds(10), Peer(2), Peer(3));

        Assert.InRange(alone[Peer(1)], 600_000, 640_000);
        Assert.InRange(both[Peer(2)], 480_000, 540_000);
        Assert.InRange(both[Peer(3)], 480_000, 540_000);
    }

    [Fact]
    public async Task Wait_TheLimitChanges_TheNewOneHolds()
    {
        var limit = 100_000;
        using var pace = new FairPace(() => limit, 0, Home.Parties, _time);
        var before = await TakeForAsync(pace, TimeSpan.FromSeconds(10), Peer(1));
        limit = 10_000;
        var after = await TakeForAsync(pace, TimeSpan.FromSeconds(10), Peer(2));
        limit = 0;

        Assert.InRange(before[Peer(1)], 1_000_000, 1_050_000);
        Assert.InRange(after[Peer(2)], 90_000, 130_000);
        Assert.True(pace.WaitAsync(Peer(1), int.MaxValue, Cancellation).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wait_Schedule_HoldsAtItsHoursAndOnlyBeyondTheLocalNetwork()
    {
        var options = new PeersOptions
        {
            UploadLimit = new(10_000),
            UploadSchedule = [UploadHours.Parse("22:00-06:00 100kB", null), UploadHours.Parse("12:00-13:00 0", null)],
        };
        using var paces = new UploadPaces(Microsoft.Extensions.Options.Options.Create(options), Home.Parties, Home.Machine, _time);

        Assert.True(paces.For(IPAddress.Parse("192.168.1.7")).IsUnlimited);
        Assert.True(paces.For(IPAddress.Parse("2a02:908::7")).IsUnlimited); // of a link of this machine
        Assert.False(paces.For(IPAddress.Parse("2a02:909::7")).IsUnlimited);
        // midnight
        Assert.InRange((await TakeForAsync(paces.For(Peer(1)), TimeSpan.FromSeconds(10), Peer(1)))[Peer(1)], 1_000_000, 1_050_000);
        _time.Advance(TimeSpan.FromHours(7) - _time.Elapsed);
        Assert.InRange((await TakeForAsync(paces.For(Peer(2)), TimeSpan.FromSeconds(10), Peer(2)))[Peer(2)], 90_000, 130_000);
        _time.Advance(TimeSpan.FromHours(12) - _time.Elapsed);
        Assert.True(paces.For(Peer(3)).IsUnlimited);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(paces.For(Peer(3)).IsUnlimited);
    }

    [Fact]
    public async Task Wait_Cancelled_CostsNothing()
    {
        using var pace = new FairPace(() => 100_000, 0, Home.Parties, _time);
        await pace.WaitAsync(Peer(1), 100_000, Cancellation); // into debt
        using var cancelled = new CancellationTokenSource();
        var gone = pace.WaitAsync(Peer(1), 10_000_000, cancelled.Token);
        var next = pace.WaitAsync(Peer(2), Portion, Cancellation);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _time.Advance(TimeSpan.FromSeconds(1));

        await next;
    }

    private static IPAddress Peer(int number) => IPAddress.Parse($"192.0.2.{number}");

    private async Task<Dictionary<IPAddress, long>> TakeForAsync(FairPace pace, TimeSpan duration, params IPAddress[] connections)
    {
        var bytes = connections.Distinct().ToDictionary(peer => peer, _ => 0L);
        var waiting = connections.Select(peer => (Peer: peer, Turn: pace.WaitAsync(peer, Portion, Cancellation))).ToList();
        var end = _time.Elapsed + duration;
        while (true)
        {
            var done = waiting.FindIndex(entry => entry.Turn.IsCompleted);
            if (done >= 0)
            {
                var (peer, turn) = waiting[done];
                await turn;
                bytes[peer] += Portion;
                waiting.RemoveAt(done);
                waiting.Add((peer, pace.WaitAsync(peer, Portion, Cancellation)));
            }
            else if (!_time.FireNext(end.Ticks))
            {
                return bytes;
            }
        }
    }
}
