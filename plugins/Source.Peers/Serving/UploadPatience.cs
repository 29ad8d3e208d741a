using AptP2P.Source.Peers.Configuration;

namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// Ends an answer that is taken more slowly, on average and after some time, than any peer reads that has a use for it. Only the time
/// counts in which the requester could have taken something. Whether others wait for the place does not matter: a file and a connection are
/// held open in any case.
/// </summary>
/// <param name="options">The lowest rate, and the time before it matters.</param>
/// <param name="time">The clock.</param>
/// <param name="end">Ends the answer.</param>
internal sealed class UploadPatience(PeersOptions options, TimeProvider time, Action end) : IDisposable
{
    private ITimer? _timer; // most answers are taken at once, and need none
    private TimeSpan _spent;
    private long _given;

    /// <summary>Waits until a portion is taken.</summary>
    public async ValueTask<bool> WatchAsync(ValueTask<bool> sending, int bytes)
    {
        _given += bytes;
        if (sending.IsCompleted || options.LowestUploadRate.Bytes == 0)
        {
            return await sending;
        }

        var began = time.GetTimestamp();
        var left = options.LowestUploadTime + TimeSpan.FromSeconds((double)_given / options.LowestUploadRate.Bytes) - _spent;
        _timer ??= time.CreateTimer(_ => end(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        try
        {
            return await sending;
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _spent += time.GetElapsedTime(began);
        }
    }

    public void Dispose() => _timer?.Dispose();
}
