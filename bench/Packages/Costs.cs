namespace AptP2P.Bench.Packages;

/// <summary>What the servers took for it: memory and processor time, idle and for each phase of their first turn.</summary>
internal sealed class Costs
{
    private readonly Dictionary<string, List<FormattableString>> _rows = [];

    public void Idled(string name, Usage before, Usage after, TimeSpan time) =>
        _rows[name] = [$"{name}", Memory(after), $"{(after.Processor - before.Processor) / time * 100:0.0} %"];

    /// <summary>First cold, then warm.</summary>
    public void Worked(string name, Usage before, Usage after, long bytes) =>
        _rows[name].AddRange([Memory(after), $"{(after.Processor - before.Processor).TotalSeconds / bytes * 1e9:0.00}"]);

    public override string ToString()
    {
        var table = new Table("cost", "MB resident, idle", "CPU idle", "MB after cold", "cold, CPU s per GB", "MB after warm", "warm, CPU s per GB");
        foreach (var row in _rows.Values)
        {
            table.Add([.. row]);
        }

        return table.ToString();
    }

    private static FormattableString Memory(Usage usage) => $"{usage.Resident / 1e6:0}";
}
