using Xunit;

namespace AptP2P.Host.Tests.Origins.Connecting;

/// <summary>A name with several addresses (RFC 8305).</summary>
public sealed class AddressRaceTests
{
    private const string Dead = "192.0.2.1";
    private const string Alive = "192.0.2.2";

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    private readonly Network _network = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_TheFirstIsDead_TheSecondAnswersAfterTheDelay()
    {
        Publish(Dead, Alive);

        Assert.Equal(Alive, await ConnectAsync());
        Assert.Equal(Delay, _network.Time.Elapsed);
    }

    [Fact]
    public async Task Connect_Again_TheDeadOneIsNotWaitedFor()
    {
        Publish(Dead, Alive);
        await ConnectAsync();
        var before = _network.Time.Elapsed;

        Assert.Equal(Alive, await ConnectAsync());
        Assert.Equal(before, _network.Time.Elapsed);
        Assert.Equal([Dead, Alive, Alive], _network.Dialled.Select(dialled => dialled.Address.ToString()));
    }

    [Fact]
    public async Task Connect_WhenItsTimeIsOver_TheDeadOneIsTriedFirstAgain()
    {
        Publish(Dead, Alive);
        await ConnectAsync();
        _network.Time.Advance(_network.Origins.AvoidAddress);

        await ConnectAsync();

        Assert.Equal(Dead, _network.Dialled[2].Address.ToString());
    }

    [Fact]
    public async Task Connect_TheFirstRefuses_TheSecondIsTriedAtOnce()
    {
        Publish(Dead, Alive);
        _network.Refuses(Dead);

        Assert.Equal(Alive, await ConnectAsync());
        Assert.Equal(TimeSpan.Zero, _network.Time.Elapsed);
    }

    [Fact]
    public async Task Connect_TwoFamilies_InTurn()
    {
        string[] addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"];
        Publish(addresses);
        Assert.All(addresses, _network.Refuses);

        await Assert.ThrowsAsync<IOException>(ConnectAsync);

        Assert.Equal(
            ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"],
            _network.Dialled.Select(dialled => dialled.Address.ToString()));
    }

    [Fact]
    public async Task Connect_TheFirstIsSlow_TheSecondIsTriedAsWellAndTheFirstToConnectIsUsed()
    {
        Publish(Dead, Alive);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.TakesWhen(Dead, slow.Task);
        _network.Swallows(Alive);
        var connecting = Begin();
        _network.Time.FireNext(Delay.Ticks);
        Assert.Equal([TimeSpan.Zero, Delay], _network.Dialled.Select(dialled => dialled.After));

        slow.SetResult();

        await using var stream = await connecting;
        Assert.Equal(Dead, Assert.IsType<Network.Connected>(stream).Address.ToString());
    }

    [Fact]
    public async Task Connect_ALoserThatConnectsToo_IsDisposedOf()
    {
        Publish(Dead, Alive);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.TakesWhen(Dead, slow.Task);
        var connecting = Begin();
        _network.Time.FireNext(Delay.Ticks);
        slow.SetResult();

        await using (await connecting)
        {
            Assert.Equal(1, _network.Open);
        }

        Assert.Equal(0, _network.Open);
    }

    [Theory]
    [InlineData(Dead)]
    [InlineData(Dead, "192.0.2.3")]
    public async Task Connect_AllAreDead_EndsInTime(params string[] addresses)
    {
        Publish(addresses);

        var failure = await Assert.ThrowsAsync<IOException>(ConnectAsync);

        Assert.Equal(TimeSpan.FromSeconds(10), _network.Time.Elapsed);
        Assert.Equal("cannot connect to mirror.test port 80: no answer within 10 s", failure.Message);
    }

    [Fact]
    public async Task Connect_HundredsOfAddresses_TriesAFew()
    {
        Publish([.. Enumerable.Range(1, 200).Select(last => $"198.51.100.{last}")]);

        await Assert.ThrowsAsync<IOException>(ConnectAsync);

        Assert.Equal(10, _network.Dialled.Count);
    }

    [Fact]
    public async Task Connect_TheClientLeavesAtOnce_NothingIsHeldAgainstTheAddress()
    {
        Publish(Dead, Alive);
        using (var client = new CancellationTokenSource())
        {
            var connecting = _network.Connector.ConnectAsync("mirror.test", 80, OriginReach.Local, client.Token);
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connecting);
        }

        await ConnectAsync();

        Assert.Equal(Dead, _network.Dialled[^2].Address.ToString());
    }

    private void Publish(params string[] addresses)
    {
        _network.Resolves("mirror.test", addresses);
        Assert.All(addresses, _network.Swallows);
        _network.Takes(Alive);
    }

    private Task<Stream> Begin() => _network.Connector.ConnectAsync("mirror.test", 80, OriginReach.Local, Cancellation).AsTask();

    private Task<string> ConnectAsync() => EndAsync(Begin());

    private async Task<string> EndAsync(Task<Stream> connecting)
    {
        await using var stream = await _network.Time.RunAsync(connecting);
        return Assert.IsType<Network.Connected>(stream).Address.ToString();
    }
}
