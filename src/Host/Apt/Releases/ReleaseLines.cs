using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Apt.Releases;

/// <summary>
/// Walks through the lines of a Release, or of an InRelease inside its OpenPGP armor (RFC 9580 section 7). apt reads the first stanza only,
/// and so does this.
/// </summary>
internal ref struct ReleaseLines
{
    private ReadOnlySpan<byte> _rest;
    private readonly bool _isSigned;
    private bool _hasFields;

    public ReleaseLines(ReadOnlySpan<byte> text)
    {
        _rest = text;
        if (text.StartsWith("-----BEGIN PGP SIGNED MESSAGE-----"u8))
        {
            _isSigned = true;
            while (TryCut(out var header) && !header.IsEmpty)
            {
            }
        }
    }

    /// <summary>A field, or one of the lines that belong to the last.</summary>
    public FieldLine Current { get; private set; }

    public bool MoveNext()
    {
        while (TryCut(out var line))
        {
            if (_isSigned && line.StartsWith("-----"u8))
            {
                return false;
            }

            Current = FieldLine.Parse(_isSigned && line.StartsWith("- "u8) ? line[2..] : line); // dash-escaped
            if (Current.Kind != FieldLineKind.End)
            {
                _hasFields = true;
                return true;
            }

            if (_hasFields)
            {
                return false;
            }
        }

        return false;
    }

    private bool TryCut(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        line = _isSigned ? line.TrimEnd(" \t\r"u8) : line.TrimEnd((byte)'\r'); // what is signed has no blanks at the ends of lines
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}
