namespace AptP2P.Host.Fetching;

/// <summary>Those whom a fetch is for: readers, who keep it going, and peers, who only look at what it has and need its file open.</summary>
internal sealed class Audience
{
    private readonly Lock _lock = new();
    private readonly Signal _left = new();
    private int _readers;
    private int _observers;
    private bool _closed;

    /// <summary>Counts a reader in, unless the fetch is over, or about to be because nobody waited any more.</summary>
    public bool TryJoin() => TryCountIn(ref _readers);

    /// <summary>Counts a peer in that reads what is here already.</summary>
    public bool TryObserve() => TryCountIn(ref _observers);

    public void Unobserve()
    {
        lock (_lock)
        {
            _observers--;
        }

        _left.Pulse();
    }

    /// <summary>Counts a reader out.</summary>
    /// <param name="isUnfinished">Whether the fetch still has work to do, which nobody may be waiting for now.</param>
    /// <returns>Whether that was the last one to wait: nobody may join any more.</returns>
    public bool Leave(bool isUnfinished)
    {
        bool nobodyWaits;
        lock (_lock)
        {
            nobodyWaits = --_readers == 0 && isUnfinished;
            _closed |= nobodyWaits;
        }

        _left.Pulse();
        return nobodyWaits;
    }

    /// <summary>Waits until the last one has left, and lets nobody in after that.</summary>
    /// <param name="hasFailed">Whether to let nobody in from now on.</param>
    public async Task EmptyAsync(bool hasFailed)
    {
        while (true)
        {
            var left = _left.Next;
            lock (_lock)
            {
                _closed |= _readers <= 0 || hasFailed;
                if (_readers + _observers <= 0)
                {
                    return;
                }
            }

            await left;
        }
    }

    private bool TryCountIn(ref int count)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                count++;
            }

            return !_closed;
        }
    }
}
