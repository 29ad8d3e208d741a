namespace AptP2P.Host.Apt;

/// <summary>Walks through the checksum lines of a Release, or of an InRelease inside its OpenPGP armor (RFC 9580 section 7).</summary>
internal ref struct ReleaseLines
{
    private ReadOnlySpan<byte> _rest;
    private bool _isSigned;
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

    /// <summary>The field that the current line belongs to: the name of a digest.</summary>
    public ReadOnlySpan<byte> Section { get; private set; }

    public ChecksumLine Current { get; private set; }

    /// <summary>Whether such a field says yes.</summary>
    public bool AcquireByHash { get; private set; }

    /// <summary>A line was not deb822.</summary>
    public bool IsGarbage { get; private set; }

    public bool MoveNext()
    {
        while (TryCut(out var line))
        {
            if (_isSigned && line.StartsWith("-----"u8))
            {
                return false;
            }

            var field = FieldLine.Parse(_isSigned && line.StartsWith("- "u8) ? line[2..] : line); // dash-escaped
            switch (field.Kind)
            {
                case FieldLineKind.Field:
                    _hasFields = true;
                    Section = field.Name;
                    AcquireByHash |= field.Is("Acquire-By-Hash"u8) && field.Value.SequenceEqual("yes"u8);
                    break;
                case FieldLineKind.Continuation when ChecksumLine.TryParse(field.Value, out var checksum):
                    Current = checksum;
                    return true;
                case FieldLineKind.End when _hasFields:
                    return false;
                case FieldLineKind.Garbage:
                    IsGarbage = true;
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
        line = (end < 0 ? _rest : _rest[..end]).TrimEnd((byte)'\r');
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}
