namespace AptP2P.Shared.Bencode;

/// <summary>
/// Checks that bytes are one bencoded value and, if it is to be canonical, in the only form BEP 3 allows: keys sorted and unique, no
/// leading zeros. <see cref="BencodeReader"/> can walk what has passed without checks of its own. A canonical value has one form only, and
/// so one SHA-1 (BEP 44).
/// </summary>
internal ref struct BencodeValidator
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly int _maxDepth;
    private readonly bool _canonical;
    private int _tokensLeft;
    private int _position;

    private BencodeValidator(ReadOnlySpan<byte> data, BencodeLimits limits)
    {
        _data = data;
        (_maxDepth, _tokensLeft, _canonical) = (limits.Depth, limits.Tokens, limits.Canonical);
    }

    public static bool IsValid(ReadOnlySpan<byte> data, BencodeLimits limits)
    {
        var validator = new BencodeValidator(data, limits);
        return validator.TrySkip(0) && validator._position == data.Length;
    }

    private bool TrySkip(int depth)
    {
        if (_position >= _data.Length || depth > _maxDepth || --_tokensLeft < 0)
        {
            return false;
        }

        switch (_data[_position])
        {
            case (byte)'i':
                _position++;
                return TryInteger(allowNegative: true, terminator: (byte)'e', out _);
            case (byte)'l':
                _position++;
                return TryList(depth);
            case (byte)'d':
                _position++;
                return TryDictionary(depth);
            default:
                return TryString(out _);
        }
    }

    private bool TryList(int depth)
    {
        while (_position < _data.Length)
        {
            if (_data[_position] == 'e')
            {
                _position++;
                return true;
            }

            if (!TrySkip(depth + 1))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryDictionary(int depth)
    {
        var first = true;
        ReadOnlySpan<byte> previous = default;
        while (_position < _data.Length)
        {
            if (_data[_position] == 'e')
            {
                _position++;
                return true;
            }

            if (--_tokensLeft < 0
                || !TryString(out var key)
                || (_canonical && !first && key.SequenceCompareTo(previous) <= 0)
                || !TrySkip(depth + 1))
            {
                return false;
            }

            previous = key;
            first = false;
        }

        return false;
    }

    private bool TryString(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryInteger(allowNegative: false, terminator: (byte)':', out var length) || length > _data.Length - _position)
        {
            return false;
        }

        value = _data.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    private bool TryInteger(bool allowNegative, byte terminator, out long value)
    {
        value = 0;
        var negative = allowNegative && _position < _data.Length && _data[_position] == '-';
        _position += negative ? 1 : 0;
        var start = _position;
        while (_position < _data.Length && _data[_position] is >= (byte)'0' and <= (byte)'9')
        {
            var digit = _data[_position++] - '0';
            if (value > (long.MaxValue - digit) / 10)
            {
                return false; // long.MinValue is lost too: nobody has a use for it
            }

            value = (value * 10) + digit;
        }

        // A length with a leading zero is refused in any case: no program writes one.
        var digits = _position - start;
        var odd = (digits > 1 && _data[start] == '0') || (negative && value == 0);
        if (digits == 0 || (odd && (_canonical || !allowNegative)) || _position >= _data.Length || _data[_position] != terminator)
        {
            return false;
        }

        _position++;
        return true;
    }
}
