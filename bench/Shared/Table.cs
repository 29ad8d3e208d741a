using System.Globalization;
using System.Text;

namespace AptP2P.Bench;

/// <summary>A table in Markdown, for docs/benchmarks.md.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly StringBuilder _text = new($"| {string.Join(" | ", heads)} |\n|{string.Concat(heads.Select(_ => "---|"))}\n");

    /// <summary>Each cell as text; <see langword="null"/> stays empty.</summary>
    public void Add(params FormattableString?[] cells) =>
        _text.Append(
            CultureInfo.InvariantCulture,
            $"| {string.Join(" | ", cells.Select(cell => cell?.ToString(CultureInfo.InvariantCulture)))} |\n");

    public override string ToString() => _text.ToString();
}
