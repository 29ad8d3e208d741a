namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// What goes wrong with one file of a <see cref="Mirror"/>: no byte at or after an offset leaves it. Held back until released, or cut
/// there.
/// </summary>
/// <param name="pathEnd">The end of its path, encoded or not: a request's may be either.</param>
/// <param name="offset">From where on.</param>
/// <param name="cut">Whether it is cut.</param>
internal sealed class Interruption(string pathEnd, long offset, bool cut)
{
    private readonly string _pathEnd = Uri.UnescapeDataString(pathEnd);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Offset { get; } = offset;

    public bool Cuts { get; } = cut;

    /// <summary>Ends when somebody wants a byte that is not to go out.</summary>
    public Task Reached => _reached.Task.WaitAsync(Command.Patience, TestContext.Current.CancellationToken);

    public bool Over => _released.Task.IsCompleted;

    public void Release() => _released.TrySetResult();

    /// <param name="path">Not encoded.</param>
    public bool Concerns(string path) => !Over && path.EndsWith(_pathEnd, StringComparison.Ordinal);

    public Task ReachAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return Cuts ? Task.CompletedTask : _released.Task.WaitAsync(cancellationToken);
    }
}
