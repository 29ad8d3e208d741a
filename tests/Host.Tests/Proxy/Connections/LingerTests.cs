using System.IO.Pipelines;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Sending;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Connections;

/// <summary>How long a client is waited for that got the end.</summary>
public sealed class LingerTests : IDisposable
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    private readonly VirtualTime _time = new();
    private readonly CancellationTokenSource _stop; // at a moment of that time
    // time does not wait for threads of the pool
    private readonly Pipe _input = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
    private readonly ConnectedPair _sockets = new("127.50.3.7");
    private int _unconfirmed; // what the client's system has not taken yet: how fast a real one does is not virtual time's to say

    public LingerTests() => _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);

    public void Dispose()
    {
        _sockets.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void Run_ClientThatHasAll_IsWaitedForTwoSeconds() => Run(async () =>
    {
        await RunAsync();

        Assert.Equal(Time, _time.Elapsed);
    });

    [Fact]
    public void Run_ClientThatEndsItsSide_IsNotWaitedFor() => Run(async () =>
    {
        _input.Writer.Complete();

        await RunAsync();

        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    });

    [Fact]
    public void Run_ClientThatTakesSlowly_HasAllItsTime() => Run(async () =>
    {
        _unconfirmed = 5_000;
        var running = RunAsync();
        while (_unconfirmed > 0)
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(SocketOutput.Patience - (3 * Time), _time);
            _unconfirmed -= 1_000;
        }

        await running;
    });

    [Fact]
    public void Run_ClientThatTakesNothing_IsGivenUp() => Run(async () =>
    {
        _unconfirmed = 5_000;

        await RunAsync();

        Assert.InRange(_time.Elapsed, SocketOutput.Patience, SocketOutput.Patience + (2 * Time));
    });

    [Fact]
    public void Run_DaemonStops_ClientThatHasAllIsNotWaitedFor() => Run(async () =>
    {
        _stop.CancelAfter(Time / 4);

        await RunAsync();

        Assert.Equal(Time / 4, _time.Elapsed);
    });

    private Task RunAsync() => new Linger(_sockets.Accepted, () => _unconfirmed, _input.Reader, _time, _stop.Token).RunAsync();

    private void Run(Func<Task> test) => new SingleThread(_time).Run(test);
}
