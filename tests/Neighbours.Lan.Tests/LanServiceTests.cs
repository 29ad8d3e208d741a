using System.Net;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests;

public sealed class LanServiceTests
{
    private readonly VirtualTime _time = new();
    private readonly SimulatedLan _lan = new();

    [Fact]
    public void Start_BesideOneThatRuns_EachKnowsTheOtherWithinASecond() => Run(async () =>
    {
        await using var a = await StartAsync("192.168.1.1");
        await WaitAsync(60);
        await using var b = await StartAsync("192.168.1.2");
        await WaitAsync(1);

        Assert.Equal(["192.168.1.2:9977"], a.Known);
        Assert.Equal(["192.168.1.1:9977"], b.Known);
    });

    [Fact]
    public void Start_EightAtOnce_AllKnowEachOtherAndNobodySpeaksMuch() => Run(async () =>
    {
        List<LanHost> hosts = [];
        for (var i = 1; i <= 8; i++)
        {
            hosts.Add(await StartAsync($"192.168.1.{i}"));
        }

        await WaitAsync(60);

        Assert.All(hosts, host => Assert.Equal(7, host.Known.Count()));
        Assert.All(_lan.Said.GroupBy(each => each.Sender), said => Assert.InRange(said.Count(), 3, 5));
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    });

    [Fact]
    public void Start_TheFirstAnswerGetsLost_ThereIsAnother() => Run(async () =>
    {
        await using var old = await StartAsync("192.168.1.1");
        await WaitAsync(60);
        var port = _lan.Connect("192.168.1.2", _time);
        await using var newcomer = await StartAsync(port, "192.168.1.2");
        port.IsDeaf = true;
        await WaitAsync(1);
        var knownAtFirst = newcomer.Known.ToArray();

        port.IsDeaf = false;
        await WaitAsync(4);

        Assert.Empty(knownAtFirst);
        Assert.Equal(["192.168.1.1:9977"], newcomer.Known);
    });

    [Fact]
    public void Start_AgainWhileAllKnowIt_IsAnswered() => Run(async () => // an upgrade
    {
        await using var old = await StartAsync("192.168.1.1");
        await using (await StartAsync("192.168.1.2"))
        {
            await WaitAsync(60);
        }

        await using var again = await StartAsync("192.168.1.2");
        await WaitAsync(1);

        Assert.Equal(["192.168.1.1:9977"], again.Known);
    });

    [Fact]
    public void Run_NobodySaysAnythingForLong_IsForgotten() => Run(async () =>
    {
        await using var a = await StartAsync("192.168.1.1");
        await using (await StartAsync("192.168.1.2"))
        {
            await WaitAsync(3600);
            Assert.Single(a.Known);
        }

        await WaitAsync(9 * 60);
        Assert.Single(a.Known);
        await WaitAsync(7 * 60);
        Assert.Empty(a.Known);
    });

    [Fact]
    public void Change_ToAnotherNetworkAndBack_IsAStartEachTimeAndTheOldNeighboursAreForgotten() => Run(async () =>
    {
        await using var stays = await StartAsync("192.168.1.1");
        var port = _lan.Connect("192.168.1.2", _time);
        await using var moves = await StartAsync(port, "192.168.1.2");
        await WaitAsync(60);
        _lan.Said.Clear();

        port.Address = IPAddress.Parse("10.0.0.2");
        moves.Machine.Change("10.0.0.2");
        await WaitAsync(30);
        var (abroad, said) = (moves.Known.ToArray(), _lan.Said.ToArray());
        port.Address = IPAddress.Parse("192.168.1.3");
        moves.Machine.Change("192.168.1.3");
        await WaitAsync(30);

        Assert.Empty(abroad);
        Assert.Equal(3, said.Count(each => each.Sender.ToString() == "10.0.0.2"));
        Assert.Equal(["192.168.1.1:9977"], moves.Known);
        Assert.Contains("192.168.1.3:9977", stays.Known);
    });

    [Fact]
    public void Change_ThatDoesNotShowHere_IsSaidOnce() => Run(async () => // after a sleep, in a network that looks the same
    {
        await using var host = await StartAsync("192.168.1.1");
        await WaitAsync(120);
        _lan.Said.Clear();

        host.Machine.Change("192.168.1.1");
        await WaitAsync(30);

        Assert.Single(_lan.Said);
    });

    [Fact]
    public void Start_NoNetwork_OneLineAndFoundWhenThereIsOne() => Run(async () =>
    {
        await using var other = await StartAsync("192.168.1.1");
        var port = _lan.Connect("192.168.1.2", _time);
        port.IsPluggedIn = false;
        await using var host = await StartAsync(port, "192.168.1.2");
        await WaitAsync(3600);
        for (var times = 0; times < 3; times++) // the cable is put in and out
        {
            port.IsPluggedIn = !port.IsPluggedIn;
            host.Machine.Change();
            await WaitAsync(30);
        }

        Assert.Equal(["192.168.1.1:9977"], host.Known);
        Assert.Equal([6011, 6010], host.Log.All.Select(line => line.Id));
    });

    [Fact]
    public void Run_ALineThatComesAndGoes_SaysNoMoreThanTheLimit() => Run(async () =>
    {
        var port = _lan.Connect("192.168.1.2", _time);
        await using var host = await StartAsync(port, "192.168.1.2");
        for (var times = 0; times < 600; times++)
        {
            port.IsPluggedIn = !port.IsPluggedIn;
            host.Machine.Change();
            await WaitAsync(1);
        }

        Assert.InRange(_lan.Said.Count, 10 * new LanOptions().SendsPerMinute, 11 * new LanOptions().SendsPerMinute);
    });

    [Fact]
    public void Start_PortCannotBeBound_OneLineAndTriedAgain() => Run(async () =>
    {
        var port = _lan.Connect("192.168.1.1", _time);
        port.Problems = ["UDP port 6771 cannot be bound for 239.192.152.143: in use"];
        await using var host = await StartAsync(port, "192.168.1.1");

        await WaitAsync(3600);

        Assert.True(port.Refreshes > 5);
        Assert.Equal([6012, 6011], host.Log.All.Select(line => line.Id));
    });

    [Fact]
    public void Start_ReachOff_SendsAndOpensNothing() => Run(async () =>
    {
        var port = _lan.Connect("192.168.1.1", _time);
        await using var host = NewHost(port, "192.168.1.1", PeerReach.Off);
        await host.Service.StartAsync(CancellationToken.None);

        await WaitAsync(3600);

        Assert.Equal(0, port.Refreshes);
        Assert.Empty(_lan.Said);
        Assert.Empty(host.Log.All);
        Assert.Equal(false, Assert.IsType<StatusValue>(Assert.Single(await host.Status.ReadAsync(CancellationToken.None))).Value);
    });

    [Fact]
    public void Stop_Running_ClosesItsSockets() => Run(async () =>
    {
        var port = _lan.Connect("192.168.1.1", _time);
        await using (await StartAsync(port, "192.168.1.1"))
        {
            await WaitAsync(1);
            Assert.False(port.IsDisposed);
        }

        Assert.True(port.IsDisposed);
    });

    [Fact]
    public void Run_AFloodOfMadeUpNewcomers_BoundsWhatIsKeptAndSaid() => Run(async () =>
    {
        await using var host = await StartAsync("192.168.1.1");
        await WaitAsync(60);
        _lan.Said.Clear();
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 100; i++)
            {
                var sender = new IPAddress([192, 168, 1, (byte)(2 + (((second * 10) + i) % 200))]);
                _lan.Say(sender, TestDatagrams.Of(port: 1024 + second));
            }

            await WaitAsync(1);
        }

        Assert.Equal(new LanOptions().MaxNeighbours, host.Known.Count());
        Assert.InRange(_lan.Said.Count, 1, (2 * new LanOptions().SendsPerMinute) + 1); // a minute's at once, then as many in the minute
        Assert.Equal((256, 6000 - 256), (host.Metrics.Received, host.Metrics.Dropped));
    });

    private Task<LanHost> StartAsync(string address) => StartAsync(_lan.Connect(address, _time), address);

    private async Task<LanHost> StartAsync(SimulatedLan.Port port, string address)
    {
        var host = NewHost(port, address);
        await host.Service.StartAsync(CancellationToken.None);
        return host;
    }

    private LanHost NewHost(SimulatedLan.Port port, string address, PeerReach reach = PeerReach.World) =>
        new(port, _time, reach: reach, addresses: [address]);

    private Task WaitAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _time, CancellationToken.None);

    private void Run(Func<Task> run) => new SingleThread(_time).Run(run);
}
