using System.Runtime.CompilerServices;
using System.Text;

namespace AptP2P.Host.Apt.Fields;

/// <summary>
/// A line of a deb822 text (Debian policy 5.1), read as apt reads it (pkgTagSection::Scan in tagfile.cc): a name is whatever is before the
/// first colon, without the blanks at its end, and in any case.
/// </summary>
internal readonly ref struct FieldLine
{
    private readonly ReadOnlySpan<byte> _value;

    private FieldLine(FieldLineKind kind, ReadOnlySpan<byte> name = default, ReadOnlySpan<byte> value = default)
    {
        Kind = kind;
        Name = name;
        _value = value;
    }

    public FieldLineKind Kind { get; }

    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Trimmed, when it is asked for: for most lines it is not.</summary>
    public ReadOnlySpan<byte> Value => _value.Trim(" \t"u8);

    public bool Is(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Name, name);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FieldLine Parse(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return new FieldLine(FieldLineKind.End);
        }

        if (IsSpace(line[0]))
        {
            return new FieldLine(FieldLineKind.Continuation, default, line);
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return new FieldLine(FieldLineKind.Odd);
        }

        var name = line[..colon];
        while (name is [.., var last] && IsSpace(last))
        {
            name = name[..^1];
        }

        return new FieldLine(FieldLineKind.Field, name, line[(colon + 1)..]);
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
}

internal enum FieldLineKind
{
    /// <summary>The empty line that ends a stanza. One of blanks does not.</summary>
    End,
    Field,
    Continuation,

    /// <summary>
    /// Neither indented nor with a colon. apt takes it for the beginning of the next field's name, so for a field that it does not know.
    /// </summary>
    Odd,
}
