using AptP2P.Host.Proxy.Contents;

namespace AptP2P.Host.Proxy.ReadAhead;

/// <summary>One request of a connection, from its head's coming to the end of its answer.</summary>
/// <param name="requests">The requests of its connection.</param>
/// <param name="target">What it asks for, if that may be opened ahead of its turn.</param>
/// <param name="host">The <c>Host</c> that it names.</param>
internal sealed class ComingRequest(ComingRequests requests, string? target, string? host) : IAsyncDisposable
{
    private Task<OpenedContent?>? _opening;
    private bool _isTaken;

    /// <summary>Begins to open what it asks for, once. Does not wait for anything.</summary>
    public void Open(Func<string, string, CancellationToken, Task<OpenedContent?>> open, CancellationToken cancellationToken)
    {
        if (target is not null)
        {
            _opening ??= Task.Run(() => open(target, host!, cancellationToken), cancellationToken);
        }
    }

    /// <summary>What was opened ahead, if something was: from now on the caller's.</summary>
    /// <param name="asked">The request target, as Kestrel has read it.</param>
    /// <param name="cancellationToken">Ends the wait; what is opened is disposed with this.</param>
    public async ValueTask<OpenedContent?> TakeAsync(string asked, CancellationToken cancellationToken)
    {
        if (_opening is null || _isTaken || asked != target)
        {
            return null;
        }

        var opened = await _opening.WaitAsync(cancellationToken);
        _isTaken = true;
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        requests.End();
        if (_opening is null || _isTaken)
        {
            return;
        }

        await ((Task)_opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_opening.IsCompletedSuccessfully && await _opening is { } opened)
        {
            await opened.DisposeAsync();
        }
    }
}
