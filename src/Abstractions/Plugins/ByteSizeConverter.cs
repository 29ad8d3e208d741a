using System.ComponentModel;
using System.Globalization;

namespace AptP2P;

/// <summary>Lets <c>[Range(typeof(ByteSize), "64KiB", "1TiB")]</c> read its bounds.</summary>
internal sealed class ByteSizeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? ByteSize.Parse(text, CultureInfo.InvariantCulture) : base.ConvertFrom(context, culture, value);
}
