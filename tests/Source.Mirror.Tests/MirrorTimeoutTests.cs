using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

public sealed class MirrorTimeoutTests
{
    private static readonly ByteRange All = new(0, MirrorFixture.Length);

    [Fact]
    public async Task Read_NoConnection_TimeoutAfterFirstByteTimeout()
    {
        var connector = new SilentConnector();
        await using var fixture = new MirrorFixture("127.21.1.1", connector: connector);
        await using var channel = await fixture.OpenAsync();

        var read = channel.ReadAsync(All, new InMemorySink(), MirrorFixture.Cancellation);
        await connector.Asked.Task;
        fixture.Time.Advance(fixture.Options.FirstByteTimeout);

        Assert.Equal(ChannelOutcome.Timeout, (await read).Outcome);
    }

    [Fact]
    public async Task Read_NoAnswer_TimeoutAfterFirstByteTimeout()
    {
        await using var fixture = new MirrorFixture("127.21.1.2");
        fixture.Server.Script(Answer.StallBeforeHeaders());
        await using var channel = await fixture.OpenAsync();

        var read = channel.ReadAsync(All, new InMemorySink(), MirrorFixture.Cancellation);
        await fixture.Server.StalledAsync(MirrorFixture.Cancellation);

        Assert.Equal(ChannelOutcome.Timeout, (await fixture.Time.RunAsync(read)).Outcome);
        Assert.Equal(fixture.Options.FirstByteTimeout, fixture.Time.Elapsed);
    }

    [Fact]
    public async Task Read_StallsInTheBody_TimeoutAfterStallTimeoutAndTheRestCanBeRead()
    {
        await using var fixture = new MirrorFixture("127.21.1.3");
        fixture.Server.Script(Answer.Stall(1000));
        await using var channel = await fixture.OpenAsync();
        var sink = new InMemorySink();

        var read = channel.ReadAsync(All, sink, MirrorFixture.Cancellation);
        await fixture.Server.StalledAsync(MirrorFixture.Cancellation);
        await sink.HasAsync(1000);

        Assert.Equal(ChannelOutcome.Timeout, (await fixture.Time.RunAsync(read)).Outcome);
        Assert.Equal(fixture.Options.StallTimeout, fixture.Time.Elapsed);
        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(All with { Start = 1000 }, sink, MirrorFixture.Cancellation));
        Assert.Equal(fixture.Bytes, sink.Bytes);
    }

    [Fact]
    public async Task Read_SlowButSteady_Complete()
    {
        await using var fixture = new MirrorFixture("127.21.1.4");
        fixture.Server.Script(Answer.Drip(50_000));
        await using var channel = await fixture.OpenAsync();
        var sink = new InMemorySink();

        var read = channel.ReadAsync(All, sink, MirrorFixture.Cancellation);
        for (var sent = 50_000; sent < MirrorFixture.Length; sent += 50_000)
        {
            await fixture.Server.StalledAsync(MirrorFixture.Cancellation);
            await sink.HasAsync(sent);
            fixture.Time.Advance(TimeSpan.FromSeconds(9));
            fixture.Server.Release();
        }

        Assert.Equal(ChannelResult.Complete, await read);
    }

    [Fact]
    public async Task Read_SinkTakesItsTime_IsNotTheMirrorsStall()
    {
        await using var fixture = new MirrorFixture("127.21.1.5");
        await using var channel = await fixture.OpenAsync();
        var sink = new PatientSink(fixture);

        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(All, sink, MirrorFixture.Cancellation));
        Assert.True(fixture.Time.Elapsed > fixture.Options.StallTimeout);
    }

    [Fact]
    public async Task Read_ManyAtOnce_WaitForATurnThatDoesNotCountAsSilence()
    {
        await using var fixture = new MirrorFixture("127.21.1.6", set: options => options.ConnectionsPerOrigin = 2);
        fixture.Server.Script(Answer.StallBeforeHeaders(), Answer.StallBeforeHeaders());
        var first = await ReadOneAsync(fixture);
        var second = await ReadOneAsync(fixture);
        await fixture.Server.StalledAsync(MirrorFixture.Cancellation);
        await fixture.Server.StalledAsync(MirrorFixture.Cancellation);
        var third = await ReadOneAsync(fixture);

        fixture.Time.Advance(fixture.Options.FirstByteTimeout);

        Assert.Equal(ChannelOutcome.Timeout, (await first).Outcome);
        Assert.Equal(ChannelOutcome.Timeout, (await second).Outcome);
        Assert.Equal(ChannelOutcome.Complete, (await third).Outcome);
        Assert.Equal(3, fixture.Server.Requests.Count);
    }

    private static async Task<Task<ChannelResult>> ReadOneAsync(MirrorFixture fixture) =>
        (await fixture.OpenAsync()).ReadAsync(All, new InMemorySink(), MirrorFixture.Cancellation);

    private sealed class SilentConnector : IOriginConnector
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Stream> ConnectAsync(string host, int port, OriginReach reach, CancellationToken cancellationToken)
        {
            Asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("a wait without end has ended");
        }
    }

    private sealed class PatientSink(MirrorFixture fixture) : IChannelSink
    {
        private readonly byte[] _memory = new byte[200_000];

        public Memory<byte> GetMemory() => _memory;

        public ValueTask<bool> AdvanceAsync(int count, CancellationToken cancellationToken)
        {
            fixture.Time.Advance(TimeSpan.FromMinutes(1));
            return new(true);
        }
    }
}
