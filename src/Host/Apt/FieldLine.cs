using System.Runtime.CompilerServices;
using System.Text;

namespace AptP2P.Host.Apt;

/// <summary>A line of a deb822 text (Debian policy 5.1).</summary>
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

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            return line.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0 ? new FieldLine(FieldLineKind.End) : new FieldLine(FieldLineKind.Continuation, default, line);
        }

        var colon = line.IndexOf((byte)':');
        return colon <= 0 || line[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? new FieldLine(FieldLineKind.Garbage)
            : new FieldLine(FieldLineKind.Field, line[..colon], line[(colon + 1)..]);
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
