using AptP2P.Host.Catalog.Metadata;

namespace AptP2P.Host.Proxy.Metadata;

/// <summary>One question to an origin about a file that changes under its name, and those who wait for the answer.</summary>
/// <param name="origin">The file, in the words of the client that asked first.</param>
/// <param name="time">For how long it has been under way.</param>
internal sealed class MetadataQuestion(Origin origin, TimeProvider time)
{
    private readonly TaskCompletionSource<MetadataAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private int _users;
    private long _lastWanted = time.GetTimestamp();

    public Origin Origin => origin;

    /// <summary>Somebody has waited in vain: nobody else does.</summary>
    public bool IsLate { get; private set; }

    /// <summary>How long ago a client last wanted to know.</summary>
    public TimeSpan Unwanted => time.GetElapsedTime(Interlocked.Read(ref _lastWanted));

    /// <summary>The body that is coming.</summary>
    public MetadataDraft? Draft { get; set; }

    /// <summary>Counts a client in, who must call <see cref="Leave"/>.</summary>
    public void Join()
    {
        lock (_lock)
        {
            _users++;
        }

        Interlocked.Exchange(ref _lastWanted, time.GetTimestamp());
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0 && _answer.Task.IsCompletedSuccessfully)
            {
                _answer.Task.GetAwaiter().GetResult()?.Dispose();
            }
        }
    }

    /// <summary>Waits for the answer: for so long until it begins, and then as long as it comes at a rate worth waiting for.</summary>
    /// <returns><see langword="null"/> when the origin is in trouble or takes longer.</returns>
    public async Task<MetadataAnswer?> WaitAsync(TimeSpan patience, TimeSpan atMost, CancellationToken cancellationToken)
    {
        while (!IsLate)
        {
            var worth = patience + TimeSpan.FromSeconds((double)(Draft?.Length ?? 0) / MetadataDraft.LowestRate);
            var left = (worth < atMost ? worth : atMost) - time.GetElapsedTime(_started);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            try
            {
                return await _answer.Task.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Unless more of it has come meanwhile.
            }
        }

        IsLate = true;
        return null;
    }

    /// <summary>Waits for the answer for a while, which says nothing of the origin.</summary>
    public async Task LookAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await ((Task)_answer.Task).WaitAsync(patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Gives the answer to all who wait; without one, they do with what they have.</summary>
    public void Answer(MetadataAnswer? answer)
    {
        lock (_lock)
        {
            if (!_answer.TrySetResult(answer) || _users == 0)
            {
                answer?.Dispose();
            }
        }
    }
}
