using System.Globalization;
using System.Text.Json;
using AptP2P.Stats.Sections;

namespace AptP2P.Stats;

/// <summary><c>{section: {key: value}}</c>; a table is an array of objects, a number is plain (bytes, seconds, shares of 1).</summary>
internal static class StatusJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(Stream output, IEnumerable<SectionView> sections)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        foreach (var section in sections)
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
