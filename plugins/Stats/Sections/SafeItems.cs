using System.Collections.Immutable;
using System.Globalization;
using AptP2P.Shared;

namespace AptP2P.Stats.Sections;

/// <summary>
/// Copies what a section says, so that writing it can neither fail nor fill the memory: nothing is null that must not be, no value is
/// foreign code, and everything is bounded.
/// </summary>
internal static class SafeItems
{
    private const int MaxItems = 200;
    private const int MaxRows = 1_000;
    private const int MaxText = 2_000;
    private const int MaxSpans = 10;
    private const int MaxPoints = 1_000; // more than a screen has columns

    /// <exception cref="Exception">Any of the section's values'.</exception>
    public static ImmutableArray<StatusItem> Of(IReadOnlyList<StatusItem>? items) =>
        [.. (items ?? throw new InvalidOperationException("it says nothing")).Take(MaxItems).Where(item => item is not null).Select(Copy)];

    /// <summary>An exception's message, which is foreign code as well.</summary>
    public static string Describe(Exception exception)
    {
        try
        {
            return Text(exception.Message);
        }
        catch (Exception e) // any
        {
            return e.GetType().Name;
        }
    }

    /// <summary>A text of printable characters, and not too long.</summary>
    public static string Text(string? text)
    {
        text ??= "";
        return Printable.Of(text.Length > MaxText ? text[..MaxText] + "..." : text);
    }

    private static StatusItem Copy(StatusItem item) => item switch
    {
        StatusValue value => new StatusValue(Text(value.Key), Text(value.Label), Copy(value.Value), value.Unit),
        StatusTable table => Copy(table),
        StatusProblem problem => new StatusProblem(
            Text(problem.Key), Text(problem.Label), problem.Severity, Text(problem.Advice)),
        StatusHistory history => Copy(history),
        _ => new StatusValue(Text(item.Key), Text(item.Label), null), // of a newer contract than this plugin knows
    };

    private static StatusHistory Copy(StatusHistory history)
    {
        var series = Copy(history.Series);
        ImmutableArray<StatusSpan> spans =
            history.Spans.IsDefault ? [] : [.. history.Spans.Take(MaxSpans).Select(span => Copy(span, series.Length))];
        return new StatusHistory(Text(history.Key), Text(history.Label), history.Unit, series, spans);
    }

    private static StatusSpan Copy(StatusSpan span, int series)
    {
        ImmutableArray<ImmutableArray<double>> points = span.Points.IsDefault
            ? [] : [.. span.Points.TakeLast(MaxPoints).Select(point => !point.IsDefault && point.Length == series ? point : default)];
        return new StatusSpan(Text(span.Key), Text(span.Label), span.End, span.Step, points);
    }

    private static ImmutableArray<StatusColumn> Copy(ImmutableArray<StatusColumn> columns) => columns.IsDefault
        ? [] : [.. columns.Select(column => new StatusColumn(Text(column.Key), Text(column.Label), column.Unit))];

    private static StatusTable Copy(StatusTable table)
    {
        var columns = Copy(table.Columns);
        ImmutableArray<ImmutableArray<object?>> rows = table.Rows.IsDefault
            ? []
            :
            [
                .. table
                    .Rows.Take(MaxRows)
                    .Where(row => !row.IsDefault)
                    .Select(row => row.Take(columns.Length).Select(Copy).ToImmutableArray()),
            ];
        return new StatusTable(Text(table.Key), Text(table.Label), columns, rows);
    }

    private static object? Copy(object? value) =>
        value switch
        {
            null or bool or DateTimeOffset or double => value,
            float number => (double)number,
            string text => Text(text),
            IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => number.ToDecimal(
                CultureInfo.InvariantCulture),
            _ => Text(value.ToString()),
        };
}
