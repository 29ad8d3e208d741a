namespace AptP2P.Host.Apt;

/// <summary>Finds single fields of a Release, which stand before its long lists of files.</summary>
internal static class ReleaseField
{
    /// <summary>A date that it states, such as <c>Date</c> or <c>Valid-Until</c>.</summary>
    public static DateTimeOffset? FindDate(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.IsEmpty && line[0] != ' ' && FieldLine.Parse(line) is { Kind: FieldLineKind.Field } field && field.Is(name))
            {
                return ReleaseDate.TryParse(field.Value);
            }
        }

        return null;
    }
}
