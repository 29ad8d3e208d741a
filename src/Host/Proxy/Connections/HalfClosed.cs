using AptP2P.Host.Sending;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>
/// Whether a client that has ended its side is gone. It may be waiting for its answers (RFC 9112, section 9.6), and then takes what is sent
/// to it; or it may have closed its socket, which shows only when something is sent. So it counts as gone when nothing was sent to it for a
/// while.
/// </summary>
internal sealed class HalfClosed(SocketOutput output, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Longer than an origin takes to its first byte, mostly. A fetch that nobody waits for goes on for as long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();
    private ITimer? _timer;
    private long _sent;

    /// <summary>Cancelled when the client is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>The client's side has ended.</summary>
    public void Ended()
    {
        _sent = output.Sent;
        _timer = time.CreateTimer(static one => ((HalfClosed)one!).Look(), this, Quiet, Quiet);
    }

    /// <summary>The connection was reset.</summary>
    public void Cut() => _gone.Cancel();

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _gone.Dispose();
    }

    private void Look()
    {
        var before = _sent;
        _sent = output.Sent;
        if (_sent == before)
        {
            _gone.Cancel();
        }
    }
}
