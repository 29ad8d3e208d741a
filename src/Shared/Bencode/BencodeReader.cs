using System.Buffers.Text;

namespace AptP2P.Shared.Bencode;

/// <summary>The kinds of bencoded values (BEP 3).</summary>
internal enum BencodeKind
{
    String,
    Integer,
    List,
    Dictionary,

    /// <summary>Nothing more in this list or dictionary.</summary>
    End,
}

/// <summary>
/// Walks a value that <see cref="BencodeValidator"/> has passed, without copying: a string is a slice of the input. The caller asks for
/// <see cref="Kind"/> before it reads, since a sender may send other types than it should.
/// </summary>
internal ref struct BencodeReader(ReadOnlySpan<byte> validated)
{
    private readonly ReadOnlySpan<byte> _data = validated;
    private int _position;

    /// <summary>What comes next.</summary>
    public readonly BencodeKind Kind => _position >= _data.Length ? BencodeKind.End : _data[_position] switch
    {
        (byte)'i' => BencodeKind.Integer,
        (byte)'l' => BencodeKind.List,
        (byte)'d' => BencodeKind.Dictionary,
        (byte)'e' => BencodeKind.End,
        _ => BencodeKind.String,
    };

    /// <summary>Goes into the list or dictionary that comes next.</summary>
    public void Enter() => _position++;

    /// <summary>Leaves the list or dictionary whose end has been reached.</summary>
    public void Leave() => _position++;

    public ReadOnlySpan<byte> ReadString()
    {
        _ = Utf8Parser.TryParse(_data[_position..], out int length, out var digits); // the validator has
        var value = _data.Slice(_position + digits + 1, length);
        _position += digits + 1 + length;
        return value;
    }

    public long ReadInteger()
    {
        _ = Utf8Parser.TryParse(_data[(_position + 1)..], out long value, out var digits);
        _position += digits + 2;
        return value;
    }

    /// <summary>Passes over the next value, whatever it is, and gives its bytes as they stand.</summary>
    public ReadOnlySpan<byte> ReadRaw()
    {
        var start = _position;
        var depth = 0;
        do
        {
            switch (Kind)
            {
                case BencodeKind.Integer:
                    ReadInteger();
                    break;
                case BencodeKind.String:
                    ReadString();
                    break;
                case BencodeKind.End:
                    Leave();
                    depth--;
                    break;
                default:
                    Enter();
                    depth++;
                    break;
            }
        }
        while (depth > 0);
        return _data[start.._position];
    }

    /// <summary>The string whose bencoded form is given; nothing if it is the form of something else.</summary>
    public static ReadOnlySpan<byte> AsString(ReadOnlySpan<byte> raw) =>
        raw[0] is >= (byte)'0' and <= (byte)'9' ? raw[(raw.IndexOf((byte)':') + 1)..] : default;

    /// <summary>The integer whose bencoded form is given; <see langword="null"/> if it is the form of something else.</summary>
    public static long? AsInteger(ReadOnlySpan<byte> raw) =>
        raw[0] == 'i' && Utf8Parser.TryParse(raw[1..], out long value, out _) ? value : null;

    /// <summary>Reads the next value if it is a string; else passes over it and gives nothing.</summary>
    public ReadOnlySpan<byte> StringOrSkip()
    {
        if (Kind == BencodeKind.String)
        {
            return ReadString();
        }

        ReadRaw();
        return default;
    }

    /// <summary>Reads the next value if it is an integer; else passes over it and gives <see langword="null"/>.</summary>
    public long? IntegerOrSkip()
    {
        if (Kind == BencodeKind.Integer)
        {
            return ReadInteger();
        }

        ReadRaw();
        return null;
    }
}
