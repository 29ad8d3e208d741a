namespace AptP2P.Stats.Tests.Sections;

/// <summary>A section that says what the test wants.</summary>
internal sealed class FakeSection(string key, Func<CancellationToken, ValueTask<IReadOnlyList<StatusItem>>> read) : IStatusSection
{
    public FakeSection(string key, params StatusItem[] items) : this(key, _ => new(items))
    {
    }

    public string Key => key;

    public string Title { get => field ?? Key; init; }

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => read(cancellationToken);
}
