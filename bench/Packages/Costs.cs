using System.Security.Cryptography;

namespace AptP2P.Bench.Packages;

/// <summary>What the servers took for it: memory and processor time, idle and for each phase of their first turn.</summary>
internal sealed class Costs
{
    private const int Columns = 8;

    private readonly Dictionary<string, List<FormattableString?>> _rows = [];

    public void Idled(string name, Usage before, Usage after, TimeSpan time) =>
        Row(name).AddRange([Memory(after), $"{(after.Processor - before.Processor) / time * 100:0.0} %"]);

    /// <summary>First cold, then warm.</summary>
    /// <param name="name">Whose turn it was.</param>
    /// <param name="before">What its server had used before.</param>
    /// <param name="after">And what afterwards.</param>
    /// <param name="machine">What everything took together: apt, the mirror, and what is between them.</param>
    /// <param name="bytes">Of the packages.</param>
    public void Worked(string name, Usage before, Usage after, TimeSpan machine, long bytes) =>
        Row(name).AddRange([Memory(after), PerGigabyte(after.Processor - before.Processor, bytes), PerGigabyte(machine, bytes)]);

    /// <summary>Without a server, so there is nothing to be warm.</summary>
    public void Worked(string name, TimeSpan machine, long bytes) =>
        Row(name).AddRange([null, null, null, null, PerGigabyte(machine, bytes)]);

    /// <summary>What it takes at least to know that they are right.</summary>
    public void Verified(Archive archive)
    {
        var took = TimeSpan.Zero;
        foreach (var file in archive.Files)
        {
            var content = File.ReadAllBytes(Path.Combine(archive.Root, file.Path));
            var before = Environment.CpuUsage.TotalTime;
            SHA256.HashData(content);
            took += Environment.CpuUsage.TotalTime - before;
        }

        Row("SHA-256 of each, alone").AddRange([null, null, null, PerGigabyte(took, archive.Bytes)]);
    }

    public override string ToString()
    {
        var table = new Table(
            "cost", "MB resident, idle", "CPU idle", "MB after cold", "cold, CPU s per GB", "with apt and the mirror", "MB after warm",
            "warm, CPU s per GB", "with apt and the mirror");
        foreach (var (name, row) in _rows)
        {
            table.Add([$"{name}", .. row, .. Enumerable.Repeat<FormattableString?>(null, Columns - row.Count)]);
        }

        return table.ToString();
    }

    private List<FormattableString?> Row(string name) => _rows.TryGetValue(name, out var row) ? row : _rows[name] = [];

    private static FormattableString Memory(Usage usage) => $"{usage.Resident / 1e6:0}";

    private static FormattableString PerGigabyte(TimeSpan processor, long bytes) => $"{processor.TotalSeconds / bytes * 1e9:0.00}";
}
