namespace AptP2P.Stats;

/// <summary>
/// A section, which is foreign code: it is asked on another thread, because it may block, and not again before it has answered, because it
/// may do so for ever.
/// </summary>
internal sealed class AskedSection(IStatusSection section, int number)
{
    private readonly Lock _lock = new();
    private (Task<SectionView> Answer, CancellationTokenSource Enough)? _asked;
    private volatile string _key = $"section{number}";
    private volatile string _title = $"Section {number}";

    /// <summary>As it was said last.</summary>
    public string Key => _key;

    /// <summary>The same.</summary>
    public string Title => _title;

    /// <exception cref="TimeoutException">It takes too long.</exception>
    /// <exception cref="Exception">Any of the section's.</exception>
    public async Task<SectionView> ReadAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var (answer, enough) = Ask();
        if (enough.IsCancellationRequested)
        {
            throw new TimeoutException(); // of an earlier reader's
        }

        try
        {
            return await answer.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            _ = enough.CancelAsync(); // not waited for: what is registered there is foreign code as well
            throw;
        }
    }

    private (Task<SectionView> Answer, CancellationTokenSource Enough) Ask()
    {
        lock (_lock)
        {
            if (_asked is { Answer.IsCompleted: false } asked)
            {
                return asked;
            }

            var enough = new CancellationTokenSource();
            asked = (Task.Run(() => AnswerAsync(enough.Token), CancellationToken.None), enough);
            _asked = asked;
            return asked;
        }
    }

    private async Task<SectionView> AnswerAsync(CancellationToken cancellationToken)
    {
        (_key, _title) = (SafeItems.Text(section.Key), SafeItems.Text(section.Title));
        return new SectionView(_key, _title, SafeItems.Of(await section.ReadAsync(cancellationToken)));
    }
}
