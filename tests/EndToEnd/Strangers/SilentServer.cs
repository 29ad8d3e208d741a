using System.Net;
using System.Net.Sockets;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>An origin that takes connections and whatever is sent, and never answers.</summary>
internal sealed class SilentServer(IPAddress address) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(address, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<Task> _callers = [];
    private Task _accepting = Task.CompletedTask;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public Task StartAsync()
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_callers);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _callers.Add(ListenAsync(await _listener.AcceptSocketAsync(_end.Token)));
            _callers.RemoveWhere(caller => caller.IsCompleted);
        }
    }

    private async Task ListenAsync(Socket socket)
    {
        using var caller = socket;
        var buffer = new byte[4096];
        try
        {
            while (await caller.ReceiveAsync(buffer, _end.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // it has left, or the test has ended
        }
    }
}
