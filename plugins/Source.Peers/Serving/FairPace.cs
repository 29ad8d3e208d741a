using System.Net;
using AptP2P.Source.Peers.Addresses;

namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// Spends a number of bytes per second on requesters in turn, one portion each, so that one with many connections gets no more than one
/// with a single one; and on each no more than its own limit.
/// </summary>
internal sealed class FairPace : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Requester> _requesters = [];
    private readonly LinkedList<Requester> _turns = []; // those with something waiting
    private readonly TokenBucket _all;
    private readonly long _perRequester;
    private readonly PeerParties _parties;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <param name="perSecond">Bytes per second now, for all; 0 is no limit.</param>
    /// <param name="perRequester">The same for each.</param>
    /// <param name="parties">Who is one requester.</param>
    /// <param name="time">The clock.</param>
    public FairPace(Func<long> perSecond, long perRequester, PeerParties parties, TimeProvider time)
    {
        (_all, _perRequester, _parties, _time) = (new TokenBucket(perSecond, time), perRequester, parties, time);
        _timer = time.CreateTimer(_ => Serve(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsUnlimited => _all.IsUnlimited && _perRequester == 0;

    /// <summary>Waits until a portion may be sent.</summary>
    public Task WaitAsync(IPAddress requester, int bytes, CancellationToken cancellationToken)
    {
        if (IsUnlimited)
        {
            return Task.CompletedTask;
        }

        var turn = new Turn(bytes, cancellationToken);
        lock (_lock)
        {
            var owner = _parties.Of(requester);
            if (!_requesters.TryGetValue(owner, out var own))
            {
                Forget();
                _requesters[owner] = own = new Requester(new TokenBucket(() => _perRequester, _time));
            }

            own.Waiting.Enqueue(turn);
            if (own.Waiting.Count == 1)
            {
                _turns.AddLast(own);
            }
        }

        Serve();
        return turn.Task;
    }

    public void Dispose() => _timer.Dispose();

    private void Serve()
    {
        lock (_lock)
        {
            var next = _turns.First;
            while (next is not null && _all.IsOpen)
            {
                var requester = next.Value;
                if (!requester.Bucket.IsOpen)
                {
                    next = next.Next;
                    continue;
                }

                var turn = requester.Waiting.Dequeue();
                if (turn.TryGive()) // else it was cancelled, and costs nothing
                {
                    _all.Take(turn.Bytes);
                    requester.Bucket.Take(turn.Bytes);
                }

                _turns.Remove(next);
                if (requester.Waiting.Count > 0)
                {
                    _turns.AddLast(requester);
                }

                next = _turns.First;
            }

            if (_turns.Count > 0)
            {
                var soonest = _turns.Min(requester => requester.Bucket.Wait);
                _timer.Change(soonest > _all.Wait ? soonest : _all.Wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Forgets those who owe nothing: they are as if they had never been here.</summary>
    private void Forget()
    {
        foreach (var (owner, requester) in _requesters)
        {
            if (requester.Waiting.Count == 0 && requester.Bucket.IsFull)
            {
                _requesters.Remove(owner);
            }
        }
    }

    private sealed class Requester(TokenBucket bucket)
    {
        public TokenBucket Bucket => bucket;

        public Queue<Turn> Waiting { get; } = new();
    }

    private sealed class Turn
    {
        private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenRegistration _cancelled;

        public Turn(int bytes, CancellationToken cancellationToken)
        {
            Bytes = bytes;
            _cancelled = cancellationToken.UnsafeRegister((turn, token) => ((Turn)turn!)._given.TrySetCanceled(token), this);
        }

        public int Bytes { get; }

        public Task Task => _given.Task;

        public bool TryGive()
        {
            _cancelled.Unregister();
            return _given.TrySetResult();
        }
    }
}
