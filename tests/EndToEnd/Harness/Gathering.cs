namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// Answers that a <see cref="Mirror"/> holds back until several have been asked for: whoever asks for one after the other waits for ever.
/// </summary>
/// <param name="pathEnd">Which files take part.</param>
/// <param name="before">How many of them are answered at once: apt begins to pipeline when it has had an answer.</param>
/// <param name="count">How many must then be waiting.</param>
internal sealed class Gathering(string pathEnd, int before, int count)
{
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _come;

    public bool IsComplete => _complete.Task.IsCompleted;

    public async Task JoinAsync(string path, CancellationToken cancellationToken)
    {
        if (!path.EndsWith(pathEnd, StringComparison.Ordinal))
        {
            return;
        }

        var number = Interlocked.Increment(ref _come);
        if (number == before + count)
        {
            _complete.SetResult();
        }

        if (number > before)
        {
            await _complete.Task.WaitAsync(cancellationToken);
        }
    }
}
