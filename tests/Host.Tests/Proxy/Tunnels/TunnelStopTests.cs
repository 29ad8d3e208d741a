using System.IO.Pipelines;
using System.Net.Sockets;
using AptP2P.Host.Proxy.Tunnels;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Tunnels;

/// <summary>What becomes of a tunnel when the daemon stops.</summary>
public sealed class TunnelStopTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualTime _time = new();
    private readonly CancellationTokenSource _stop; // at a moment of that time
    // time does not wait for threads of the pool
    private readonly Pipe _input = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
    private readonly Socket _client = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly HeldStream _origin = new();
    private readonly TunnelClock _clock;

    public TunnelStopTests()
    {
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        _clock = new TunnelClock(TimeSpan.FromMinutes(2), _time, _stop.Token);
    }

    public void Dispose()
    {
        _clock.Dispose();
        _origin.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void Stop_NothingHasPassedOfLate_EndsAtOnce() => new SingleThread(_time).Run(async () =>
    {
        _stop.CancelAfter(2 * Second);

        Assert.Equal(TunnelEnd.Quiet, await RunAsync());
        Assert.Equal(2 * Second, _time.Elapsed);
    });

    [Fact]
    public void Stop_BytesPass_EndsOnceNoneDo() => new SingleThread(_time).Run(async () =>
    {
        _origin.Release();
        _stop.CancelAfter(Second / 4);
        var running = RunAsync();
        for (var portion = 0; portion < 10; portion++)
        {
            await Task.Delay(Second / 2, _time);
            Assert.False(running.IsCompleted);
            await SendAsync();
        }

        Assert.Equal(TunnelEnd.Quiet, await running);
        Assert.Equal(6 * Second, _time.Elapsed);
    });

    [Fact]
    public void Stop_ASideIsSlowToTakeAPortion_IsWaitedFor() => new SingleThread(_time).Run(async () =>
    {
        _stop.CancelAfter(Second);
        var running = RunAsync();
        await SendAsync();
        await Task.Delay(30 * Second, _time);
        Assert.False(running.IsCompleted);

        _origin.Release();

        Assert.Equal(TunnelEnd.Quiet, await running);
        Assert.Equal(31 * Second, _time.Elapsed);
    });

    [Fact]
    public void Stop_ASideNeverTakesAPortion_IsCutAfterTheIdleTime() => new SingleThread(_time).Run(async () =>
    {
        _stop.CancelAfter(Second);
        var running = RunAsync();
        await SendAsync();

        Assert.Equal(TunnelEnd.Cut, await running);
        Assert.Equal(TimeSpan.FromMinutes(2), _time.Elapsed);
    });

    private Task<TunnelEnd> RunAsync() => new Tunnel(_input.Reader, _client, _origin, _clock).RunAsync();

    private async Task SendAsync() => await _input.Writer.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);

    /// <summary>An origin that says nothing, and takes nothing until it is released.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly TaskCompletionSource _released = new();

        public void Release() => _released.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await new TaskCompletionSource<int>().Task.WaitAsync(cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await _released.Task.WaitAsync(cancellationToken);
    }
}
