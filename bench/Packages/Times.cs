namespace AptP2P.Bench.Packages;

/// <summary>Times of all rounds, and the table of their medians.</summary>
internal sealed class Times
{
    private readonly Dictionary<(string Name, bool Cold, bool Pipelining), List<double>> _seconds = [];

    public void Add(string name, bool cold, bool pipelining, TimeSpan took)
    {
        if (!_seconds.TryGetValue((name, cold, pipelining), out var times))
        {
            _seconds[(name, cold, pipelining)] = times = [];
        }

        times.Add(took.TotalSeconds);
    }

    public override string ToString()
    {
        var table = new Table(
            "packages", "cold", "to direct", "warm", "to the best", "cold, no pipelining", "to direct", "warm, no pipelining",
            "to the best");
        foreach (var name in _seconds.Keys.Select(key => key.Name).Distinct())
        {
            table.Add([
                $"{name}",
                .. Cells(name, true, true),
                .. Cells(name, false, true),
                .. Cells(name, true, false),
                .. Cells(name, false, false),
            ]);
        }

        return table.ToString();
    }

    private IEnumerable<FormattableString?> Cells(string name, bool cold, bool pipelining)
    {
        var yardstick = cold ? Median(Contestant.Direct, true, pipelining) : Best(pipelining);
        var median = Median(name, cold, pipelining);
        if (median is null)
        {
            return [null, null];
        }

        FormattableString time = $"{median:0.00} s", ratio = $"{median / yardstick:0.00}";
        return [time, ratio];
    }

    private double? Median(string name, bool cold, bool pipelining) =>
        _seconds.TryGetValue((name, cold, pipelining), out var times) ? times.Median() : null;

    /// <summary>The fastest cache that is not ours.</summary>
    private double? Best(bool pipelining) =>
        _seconds
            .Keys.Where(key => !key.Cold && key.Pipelining == pipelining && key.Name != Contestant.AptP2P)
            .Select(key => Median(key.Name, false, pipelining))
            .Min();
}
