using System.Globalization;
using System.Text;

namespace AptP2P.Bench.Packages;

/// <summary>Times of all rounds, and the table of their medians.</summary>
internal sealed class Results
{
    private readonly Dictionary<(string Name, bool Cold, bool Pipelining), List<TimeSpan>> _times = [];

    public void Add(string name, bool cold, bool pipelining, TimeSpan took)
    {
        if (!_times.TryGetValue((name, cold, pipelining), out var times))
        {
            _times[(name, cold, pipelining)] = times = [];
        }

        times.Add(took);
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder("| | cold | to direct | warm | to the best | cold, no pipelining | to direct | warm, no pipelining | to the best |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var name in _times.Keys.Select(key => key.Name).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} ");
            foreach (var (pipelining, cold) in ((bool, bool)[])[(true, true), (true, false), (false, true), (false, false)])
            {
                var yardstick = cold ? Median("Direct", true, pipelining) : Best(pipelining);
                text.Append(Median(name, cold, pipelining) is { } median
                    ? string.Create(CultureInfo.InvariantCulture, $"| {median.TotalSeconds:0.00} s | {median / yardstick:0.00} ")
                    : "| | ");
            }

            text.Append("|\n");
        }

        return text.ToString();
    }

    private TimeSpan? Median(string name, bool cold, bool pipelining) =>
        _times.TryGetValue((name, cold, pipelining), out var times) ? times.Order().ElementAt(times.Count / 2) : null;

    /// <summary>The fastest cache that is not ours.</summary>
    private TimeSpan? Best(bool pipelining) => _times.Keys.Where(key => !key.Cold && key.Pipelining == pipelining && key.Name != "AptP2P")
        .Select(key => Median(key.Name, false, pipelining)).Min();
}
