using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;

namespace AptP2P.Host.Configuration;

/// <summary>What may be written for an option, in a few words: its kind and its range. docs/configuration.md explains the kinds.</summary>
internal static class AllowedValues
{
    private static readonly Dictionary<Type, string> Kinds = new()
    {
        [typeof(bool)] = "true, false",
        [typeof(TimeSpan)] = "time",
        [typeof(string)] = "text",
        [typeof(ByteSize)] = "size",
        [typeof(IPNetwork)] = "network",
        [typeof(IPAddress)] = "address",
        [typeof(IPEndPoint)] = "address:port",
    };

    public static string Describe(PropertyInfo key)
    {
        var type = Nullable.GetUnderlyingType(key.PropertyType) ?? key.PropertyType;
        return type.IsArray ? $"list of {Kind(type.GetElementType()!)}{Range(key)}" : $"{Kind(type)}{Range(key)}";
    }

    private static string Kind(Type type) =>
        type.IsEnum ? string.Join(", ", Enum.GetNames(type))
        : Kinds.TryGetValue(type, out var kind) ? kind
        : type.IsPrimitive ? "number"
        : type.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName ?? type.Name;

    private static string Range(PropertyInfo key) =>
        key.GetCustomAttribute<RangeAttribute>() is { } range ? $", {Bound(range, range.Minimum)} to {Bound(range, range.Maximum)}" : "";

    private static string Bound(RangeAttribute range, object bound) =>
        OptionText.Format(bound is string text ? TypeDescriptor.GetConverter(range.OperandType).ConvertFromInvariantString(text) : bound);
}
