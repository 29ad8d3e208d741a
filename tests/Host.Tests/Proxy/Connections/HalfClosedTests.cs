using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Sending;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Connections;

/// <summary>Whether a client that sends no more still waits for its answers.</summary>
public sealed class HalfClosedTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualTime _time = new();
    private readonly ConnectedPair _sockets = new("127.50.3.8");

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public async Task Gone_BytesGoOut_OnlyOnceNoneHaveForAWhile()
    {
        var output = new SocketOutput(_sockets.Accepted, _time);
        await using var client = new HalfClosed(output, _time);
        _time.Advance(10 * Second);
        Assert.False(client.Gone.IsCancellationRequested); // it has not ended its side

        client.Ended();
        for (var sent = 0; sent < 5; sent++)
        {
            await output.WriteAsync(new byte[1], TestContext.Current.CancellationToken);
            _time.Advance(2 * Second);
            Assert.False(client.Gone.IsCancellationRequested);
        }

        _time.Advance(2 * Second);
        Assert.True(client.Gone.IsCancellationRequested);
    }

    [Fact]
    public async Task Gone_ConnectionReset_AtOnce()
    {
        await using var client = new HalfClosed(new SocketOutput(_sockets.Accepted, _time), _time);

        client.Cut();

        Assert.True(client.Gone.IsCancellationRequested);
    }
}
