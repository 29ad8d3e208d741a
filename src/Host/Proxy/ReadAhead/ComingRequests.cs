using System.Text;
using AptP2P.Host.Proxy.Contents;
using AptP2P.Host.Proxy.Requests;

namespace AptP2P.Host.Proxy.ReadAhead;

/// <summary>
/// The requests of one connection that have come and were not answered, in order. Kestrel hands them to handlers one by one; what those
/// behind the present one ask for is opened meanwhile, so that ten packages of 300 ms each take 300 ms, not 3 s.
/// </summary>
/// <param name="open">Opens what a request target and a <c>Host</c> ask for, or nothing.</param>
/// <param name="limit">How many may be opened ahead.</param>
internal sealed class ComingRequests(Func<string, string, CancellationToken, Task<OpenedContent?>> open, int limit) : IAsyncDisposable
{
    private readonly Queue<ComingRequest> _waiting = new(); // their heads are in the connection's buffer, which bounds them
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private bool _isAnswering;

    /// <summary>A request's head has come, after those that came before it.</summary>
    public void Add(RequestHead head)
    {
        lock (_lock)
        {
            // The handler of the only one begins right now, what needs a password is between apt and the archive, what the client may have
            // is not fetched, and what a browser asks is refused.
            var isAhead =
                (_isAnswering || _waiting.Count > 0)
                && head.Method.SequenceEqual("GET"u8)
                && !head.IsPrivate
                && !head.IsForChange
                && !head.IsOfBrowser;
            _waiting.Enqueue(
                isAhead ? new(this, Encoding.ASCII.GetString(head.Target), Encoding.ASCII.GetString(head.Host)) : new(this, null, null));
            OpenAhead();
        }
    }

    /// <summary>The next request has its turn. It ends when what is returned is disposed.</summary>
    public ComingRequest Begin()
    {
        lock (_lock)
        {
            _isAnswering = true;
            var request = _waiting.TryDequeue(out var next) ? next : new ComingRequest(this, null, null);
            OpenAhead();
            return request;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        while (true)
        {
            ComingRequest? request;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out request))
                {
                    break;
                }
            }

            await request.DisposeAsync();
        }

        _end.Dispose();
    }

    internal void End()
    {
        lock (_lock)
        {
            _isAnswering = false;
        }
    }

    private void OpenAhead()
    {
        if (_waiting.Count > 0 && !_end.IsCancellationRequested)
        {
            foreach (var request in _waiting.Take(limit))
            {
                request.Open(open, _end.Token);
            }
        }
    }
}
