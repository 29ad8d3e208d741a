using System.Text;

namespace AptP2P.Host.Proxy.Requests;

/// <summary>What read-ahead needs of a request's head (RFC 9112, sections 2 to 6). Its spans are good until more is read.</summary>
internal readonly ref struct RequestHead
{
    /// <summary>
    /// Kestrel refuses a request line of more than 8 KiB, and apt's heads have 300 bytes. Bounds what is kept of a head that comes in
    /// pieces.
    /// </summary>
    public const int MaxLength = 16 << 10;

    public ReadOnlySpan<byte> Method { get; private init; }

    public ReadOnlySpan<byte> Target { get; private init; }

    /// <summary>The one <c>Host</c> there is.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>Whether it brings a password.</summary>
    public bool IsPrivate { get; private init; }

    /// <summary>Whether a browser sends it.</summary>
    public bool IsOfBrowser { get; private init; }

    /// <summary>Whether it asks for a file only if that is another than the client's.</summary>
    public bool IsForChange { get; private init; }

    /// <summary>How many bytes follow the head.</summary>
    public long BodyLength { get; private init; }

    /// <summary>
    /// Whether the next bytes are another request: not after a body of unknown length, an upgrade, a tunnel, or an announced end.
    /// </summary>
    public bool HasSuccessor { get; private init; }

    /// <summary>
    /// Reads a head up to and with its empty line, by the letter: what one server reads otherwise than another must not be guessed at.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RequestHead head)
    {
        head = default;
        if (!TakeLine(ref bytes, out var line) || line.IndexOf((byte)' ') is not (> 0 and var methodEnd))
        {
            return false;
        }

        var method = line[..methodEnd];
        var rest = line[(methodEnd + 1)..];
        if (method.ContainsAnyExceptInRange((byte)'A', (byte)'Z')
            || rest.IndexOf((byte)' ') is not (> 0 and var targetEnd)
            || !rest[(targetEnd + 1)..].SequenceEqual("HTTP/1.1"u8))
        {
            return false;
        }

        var target = rest[..targetEnd];
        if (target.ContainsAnyExceptInRange((byte)'!', (byte)'~') || !Fields.TryParse(bytes, out var fields))
        {
            return false;
        }

        head = new RequestHead
        {
            Method = method,
            Target = target,
            Host = fields.Host,
            IsPrivate = fields.IsPrivate,
            IsOfBrowser = fields.IsOfBrowser,
            IsForChange = fields.IsForChange,
            BodyLength = Math.Max(0, fields.Length),
            HasSuccessor = !fields.IsLast && !method.SequenceEqual("CONNECT"u8),
        };
        return true;
    }

    private static bool TakeLine(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        var end = bytes.IndexOf("\r\n"u8);
        line = end < 0 ? [] : bytes[..end];
        bytes = bytes[(end < 0 ? bytes.Length : end + 2)..];
        return end >= 0 && line.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) < 0;
    }

    private ref struct Fields
    {
        public ReadOnlySpan<byte> Host;
        public bool IsPrivate;
        public bool IsOfBrowser;
        public bool IsForChange;
        public bool IsLast;
        public long Length = -1;
        private bool _hasHost;

        public Fields()
        {
        }

        public static bool TryParse(ReadOnlySpan<byte> bytes, out Fields fields)
        {
            fields = new Fields();
            while (TakeLine(ref bytes, out var line))
            {
                if (line.IsEmpty)
                {
                    return bytes.IsEmpty && fields._hasHost;
                }

                var colon = line.IndexOf((byte)':');
                if (colon <= 0
                    || line[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~')
                    || !fields.TryAdd(line[..colon], line[(colon + 1)..].Trim(" \t"u8)))
                {
                    return false;
                }
            }

            return false;
        }

        private bool TryAdd(scoped ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (Ascii.EqualsIgnoreCase(name, "host"u8))
            {
                var isFirst = !_hasHost;
                Host = value;
                _hasHost = true;
                return isFirst;
            }

            if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
            {
                var isFirst = Length < 0;
                return isFirst && !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                    && System.Buffers.Text.Utf8Parser.TryParse(value, out Length, out var read) && read == value.Length;
            }

            IsPrivate |= Ascii.EqualsIgnoreCase(name, "authorization"u8);
            IsOfBrowser |= WebPages.IsMark(name);
            IsForChange |= Ascii.EqualsIgnoreCase(name, "if-none-match"u8) || Ascii.EqualsIgnoreCase(name, "if-modified-since"u8);
            IsLast |= Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) || Ascii.EqualsIgnoreCase(name, "upgrade"u8)
                || (Ascii.EqualsIgnoreCase(name, "connection"u8) && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8));
            return true;
        }
    }
}
