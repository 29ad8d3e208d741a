using System.Globalization;
using System.Text.Json;
using AptP2P.Stats.Page;
using AptP2P.Stats.Sections;

namespace AptP2P.Stats;

/// <summary>
/// <c>{section: {key: value}}</c>; a table is an array of objects, a number is plain (bytes, seconds, shares of 1), a problem an object,
/// a history an object of its spans with an array for each series (docs/status.md).
/// </summary>
internal static class StatusJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>
    /// Of what the top of the data means: raised when something there is renamed or taken away. What is added changes nothing.
    /// </summary>
    public const int Version = 1;

    public static void Write(Stream output, StatusSnapshot status)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("at", status.At);
        json.WriteString("verdict", Verdict.Of(status).State);
        foreach (var section in status.Sections)
        {
            json.WriteStartObject(section.Key);
            foreach (var item in section.Items)
            {
                json.WritePropertyName(item.Key);
                WriteItem(json, item);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, StatusItem item)
    {
        switch (item)
        {
            case StatusValue value:
                WriteValue(json, value.Value);
                break;
            case StatusTable table:
                WriteTable(json, table);
                break;
            case StatusProblem problem:
                WriteProblem(json, problem);
                break;
            case StatusHistory history:
                WriteHistory(json, history);
                break;
            default: // of a newer contract than this plugin knows
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteTable(Utf8JsonWriter json, StatusTable table)
    {
        json.WriteStartArray();
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            foreach (var (column, value) in table.Columns.Zip(row))
            {
                json.WritePropertyName(column.Key);
                WriteValue(json, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProblem(Utf8JsonWriter json, StatusProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("severity", problem.Severity.ToString().ToLowerInvariant());
        json.WriteString("problem", problem.Label);
        json.WriteString("advice", problem.Advice);
        json.WriteEndObject();
    }

    private static void WriteHistory(Utf8JsonWriter json, StatusHistory history)
    {
        json.WriteStartObject();
        foreach (var span in history.Spans)
        {
            json.WriteStartObject(span.Key);
            json.WriteString("end", span.End.ToUniversalTime());
            json.WriteNumber("step", span.Step.TotalSeconds);
            for (var series = 0; series < history.Series.Length; series++)
            {
                json.WriteStartArray(history.Series[series].Key);
                foreach (var point in span.Points)
                {
                    WriteValue(json, point.IsDefault ? null : point[series]);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or double.NaN or double.PositiveInfinity or double.NegativeInfinity: // JSON has no word for these
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(moment.ToUniversalTime());
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal:
                json.WriteNumberValue(number.ToDecimal(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
