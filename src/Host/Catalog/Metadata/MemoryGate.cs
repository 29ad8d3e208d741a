namespace AptP2P.Host.Catalog.Metadata;

/// <summary>Lets only so many bytes be read at a time. Those who wait come in the order in which they arrived.</summary>
internal sealed class MemoryGate
{
    private readonly long _bytes;
    private readonly Queue<(long Size, TaskCompletionSource Entered)> _waiting = [];
    private readonly Lock _lock = new();
    private long _free;

    public MemoryGate(long bytes) => _bytes = _free = bytes;

    /// <summary>Comes in if there is room, and nobody waits. Who disposes what is returned goes out.</summary>
    public IDisposable? TryEnter(long size)
    {
        size = Math.Min(size, _bytes);
        lock (_lock)
        {
            if (_waiting.Count > 0 || size > _free)
            {
                return null;
            }

            _free -= size;
            return new Room(this, size);
        }
    }

    /// <summary>Comes in as soon as there is room.</summary>
    public async Task<IDisposable> EnterAsync(long size, CancellationToken cancellationToken)
    {
        size = Math.Min(size, _bytes);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue((size, entered));
        }

        LetIn();
        try
        {
            await entered.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(entered.TrySetCanceled(cancellationToken) ? 0 : size); // it may have come in at that very moment
            throw;
        }

        return new Room(this, size);
    }

    private void LetIn()
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next) && (next.Size <= _free || next.Entered.Task.IsCompleted))
            {
                _waiting.Dequeue();
                _free -= next.Entered.TrySetResult() ? next.Size : 0; // one that has gone takes nothing
            }
        }
    }

    private void Leave(long size)
    {
        lock (_lock)
        {
            _free += size;
        }

        LetIn();
    }

    private sealed class Room(MemoryGate gate, long size) : IDisposable
    {
        private bool _isLeft;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isLeft, true))
            {
                gate.Leave(size);
            }
        }
    }
}
