using System.Globalization;
using System.Text;

namespace AptP2P.Stats.Page;

/// <summary>
/// The lines of a stacked chart, 100 units wide for each 100 % of the time and 100 high for the greatest sum. A step is drawn as long as it
/// is: what happened in it is spread over it.
/// </summary>
internal sealed class Chart
{
    public const int Width = 1_000;
    public const int Height = 100;

    private static readonly double[] RoundFactors = [1, 2, 5, 10];

    private readonly StatusSpan _span;
    private readonly double _step;

    /// <param name="span">What to draw.</param>
    /// <param name="stacked">How many of its series, the first ones, are stacked; further ones are lines.</param>
    public Chart(StatusSpan span, int stacked)
    {
        _span = span;
        _step = Width / (double)Math.Max(span.Points.Length, 1);
        var known = span.Points.Where(point => !point.IsDefault).ToArray();
        Top = RoundUp(known.Select(point => Math.Max(point.Take(stacked).Sum(), point.Skip(stacked).Append(0).Max())).Append(0).Max());
        Areas = [.. Enumerable.Range(0, stacked).Select(Area)];
        Lines = [.. Enumerable.Range(stacked, known.Length == 0 ? 0 : known[0].Length - stacked).Select(Line)];
    }

    /// <summary>What the upper edge stands for: a round number.</summary>
    public double Top { get; }

    /// <summary>A path for each stacked series, the first at the bottom.</summary>
    public IReadOnlyList<string> Areas { get; }

    /// <summary>A path for each other series.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>When a step begins.</summary>
    public DateTimeOffset Begin(int index) => _span.End - (_span.Step * (_span.Points.Length - index));

    /// <summary>1, 2 or 5 times a power of ten, and at least 1 kB/s: an idle chart is flat.</summary>
    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1_000))));
        return RoundFactors.Select(factor => factor * power).First(round => round >= value);
    }

    private string Area(int series)
    {
        var path = new StringBuilder();
        for (var index = 0; index < _span.Points.Length; index++)
        {
            if (_span.Points[index] is { IsDefault: false } point && point[series] > 0)
            {
                var under = point.Take(series).Sum();
                path.Append(
                    CultureInfo.InvariantCulture,
                    $"M{X(index)} {Y(under)}V{Y(under + point[series])}H{X(index + 1)}V{Y(under)}z");
            }
        }

        return path.ToString();
    }

    private string Line(int series)
    {
        var path = new StringBuilder();
        var isDrawing = false;
        for (var index = 0; index < _span.Points.Length; index++)
        {
            var point = _span.Points[index];
            if (!point.IsDefault)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isDrawing ? 'L' : 'M')}{X(index)} {Y(point[series])}H{X(index + 1)}");
            }

            isDrawing = !point.IsDefault; // a gap is a gap
        }

        return path.ToString();
    }

    private string X(int index) => (index * _step).ToString("0.#", CultureInfo.InvariantCulture);

    private string Y(double value) => (Height * (1 - Math.Min(value / Top, 1))).ToString("0.#", CultureInfo.InvariantCulture);
}
