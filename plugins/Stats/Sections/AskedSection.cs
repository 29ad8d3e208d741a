namespace AptP2P.Stats.Sections;

/// <summary>
/// Asks one section, which is foreign code. It may block, so it runs on another thread. It may never answer, so it is not asked again
/// before it has.
/// </summary>
internal sealed class AskedSection(IStatusSection section, int number)
{
    private readonly Lock _lock = new();
    private (Task<SectionView> Answer, CancellationTokenSource Enough)? _asked;
    private volatile string _key = $"section{number}";
    private volatile string _title = $"Section {number}";

    /// <summary>The section's key in its latest answer.</summary>
    public string Key => _key;

    /// <summary>The section's title in its latest answer.</summary>
    public string Title => _title;

    /// <exception cref="TimeoutException">It takes too long.</exception>
    /// <exception cref="Exception">Any of the section's.</exception>
    public async Task<SectionView> ReadAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var (answer, enough) = Ask();
        if (enough.IsCancellationRequested)
        {
            throw new TimeoutException(); // an earlier reader has waited in vain, and it has not answered since
        }

        try
        {
            return await answer.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            _ = enough.CancelAsync(); // not awaited: what is registered there is foreign code as well
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
