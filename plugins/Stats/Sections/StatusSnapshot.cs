namespace AptP2P.Stats.Sections;

/// <summary>What all sections said at one moment.</summary>
internal sealed record StatusSnapshot(DateTimeOffset At, IReadOnlyList<SectionView> Sections)
{
    /// <summary>All that is wrong, the worst first.</summary>
    public IEnumerable<StatusProblem> Problems =>
        Sections.SelectMany(section => section.Items.OfType<StatusProblem>()).OrderByDescending(problem => problem.Severity);

    /// <summary>A value; <see langword="null"/> where nobody says it.</summary>
    public object? Value(string section, string key) => Find<StatusValue>(section, key)?.Value;

    public double? Number(string section, string key) => StatusRow.ToNumber(Value(section, key));

    public StatusHistory? History(string section, string key) => Find<StatusHistory>(section, key);

    /// <summary>A table's rows; none where nobody says it.</summary>
    public IReadOnlyList<StatusRow> Rows(string section, string key) =>
        Find<StatusTable>(section, key) is { } table ? [.. table.Rows.Select(row => new StatusRow(table, row))] : [];

    private T? Find<T>(string section, string key) where T : StatusItem =>
        Sections.FirstOrDefault(view => view.Key == section)?.Items.OfType<T>().FirstOrDefault(item => item.Key == key);
}
