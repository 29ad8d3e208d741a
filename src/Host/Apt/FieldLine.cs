using System.Text;

namespace AptP2P.Host.Apt;

/// <summary>A line of a deb822 text (Debian policy 5.1).</summary>
internal readonly ref struct FieldLine
{
    public FieldLineKind Kind { get; private init; }

    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>Trimmed.</summary>
    public ReadOnlySpan<byte> Value { get; private init; }

    public bool Is(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Name, name);

    public static FieldLine Parse(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return new FieldLine { Kind = FieldLineKind.End };
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            var text = line.Trim(" \t"u8);
            return new FieldLine { Kind = text.IsEmpty ? FieldLineKind.End : FieldLineKind.Continuation, Value = text };
        }

        var colon = line.IndexOf((byte)':');
        return colon <= 0 || line[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? new FieldLine { Kind = FieldLineKind.Garbage }
            : new FieldLine { Kind = FieldLineKind.Field, Name = line[..colon], Value = line[(colon + 1)..].Trim(" \t"u8) };
    }
}

internal enum FieldLineKind
{
    /// <summary>The blank line that ends a stanza.</summary>
    End,
    Field,
    Continuation,

    /// <summary>Not deb822.</summary>
    Garbage,
}
