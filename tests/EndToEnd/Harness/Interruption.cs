namespace AptP2P.EndToEnd;

/// <summary>
/// What goes wrong with one file of a <see cref="Mirror"/>: no byte at or after an offset leaves it. Held back until released, or cut there.
/// </summary>
internal sealed class Interruption(string pathEnd, long offset, bool cut)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Offset { get; } = offset;

    public bool Cuts { get; } = cut;

    /// <summary>Ends when somebody wants a byte that is not to go out.</summary>
    public Task Reached => _reached.Task.WaitAsync(Command.Patience, TestContext.Current.CancellationToken);

    public bool Over => _released.Task.IsCompleted;

    public void Release() => _released.TrySetResult();

    public bool Concerns(string path) => !Over && path.EndsWith(pathEnd, StringComparison.Ordinal);

    public Task ReachAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return Cuts ? Task.CompletedTask : _released.Task.WaitAsync(cancellationToken);
    }
}
