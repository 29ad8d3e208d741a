using System.Collections.Immutable;
using System.Globalization;

namespace AptP2P.Stats.Sections;

/// <summary>A row of a table, read by its columns' keys.</summary>
internal readonly record struct StatusRow(StatusTable Table, ImmutableArray<object?> Values)
{
    /// <summary>What stands in a column; <see langword="null"/> where the table has no such column.</summary>
    public object? this[string column]
    {
        get
        {
            for (var index = 0; index < Math.Min(Table.Columns.Length, Values.Length); index++)
            {
                if (Table.Columns[index].Key == column)
                {
                    return Values[index];
                }
            }

            return null;
        }
    }

    public double Number(string column) => ToNumber(this[column]) ?? 0;

    public string Text(string column) => Convert.ToString(this[column], CultureInfo.InvariantCulture) ?? "";

    /// <summary>A finite number, if that is what it is.</summary>
    public static double? ToNumber(object? value) =>
        value is IConvertible number
        && number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal
        && number.ToDouble(CultureInfo.InvariantCulture) is var plain
        && double.IsFinite(plain)
            ? plain
            : null;
}
