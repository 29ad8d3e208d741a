using AptP2P.Host.Fetching.Building;

namespace AptP2P.Host.Fetching;

/// <summary>
/// Those whom a fetch is for: readers, who keep it going, and peers, who only look at what it has and need its file open.
/// </summary>
internal sealed class Audience : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Signal _left = new();
    private int _readers;
    private int _observers;
    private bool _closed;
    private readonly CancellationTokenSource _letGo = new();

    public Audience() => Released = _letGo.Token;

    /// <summary>Whoever still reads has to end at once: nothing more comes, and others want the content anew.</summary>
    public CancellationToken Released { get; }

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
    /// <param name="isOver">Whether to let nobody in from now on.</param>
    /// <param name="isForPeers">Whether peers are waited for as well. If not, they are let go of when no reader is left, however slow they
    /// are.</param>
    /// <param name="patience">For how long those are waited for who were let go of.</param>
    /// <param name="time">The clock.</param>
    public async Task EmptyAsync(bool isOver, bool isForPeers, TimeSpan patience, TimeProvider time)
    {
        var isEmpty = EmptyAsync(isOver, isForPeers);
        await Task.WhenAny(isEmpty, Task.Delay(Timeout.InfiniteTimeSpan, time, Released));
        await isEmpty
            .WaitAsync(patience, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Ends the answers of those who still read.</summary>
    public void LetGo() => _letGo.CancelIfLeft();

    public void Dispose() => _letGo.Dispose();

    private async Task EmptyAsync(bool isOver, bool isForPeers)
    {
        while (true)
        {
            var left = _left.Next;
            bool isReaderLeft;
            lock (_lock)
            {
                _closed |= _readers <= 0 || isOver;
                isReaderLeft = _readers > 0;
                if (_readers + _observers <= 0)
                {
                    return;
                }
            }

            if (!isReaderLeft && !isForPeers)
            {
                LetGo();
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
