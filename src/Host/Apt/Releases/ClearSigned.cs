namespace AptP2P.Host.Apt.Releases;

/// <summary>
/// An InRelease taken apart as apt does it, so that nothing outside of what was signed is ever believed (RFC 9580, section 7).
/// </summary>
internal static class ClearSigned
{
    private static ReadOnlySpan<byte> Begin => "-----BEGIN PGP SIGNED MESSAGE-----"u8;

    private static ReadOnlySpan<byte> BeginSignature => "-----BEGIN PGP SIGNATURE-----"u8;

    private static ReadOnlySpan<byte> EndSignature => "-----END PGP SIGNATURE-----"u8;

    /// <summary>
    /// Whether a text is one signed message from its first line to its last: nothing before it, nothing behind it, and not cut off.
    /// </summary>
    public static bool IsWhole(ReadOnlySpan<byte> text) => TrySplit(text, out _, out _);

    /// <summary>Splits it.</summary>
    /// <param name="text">An InRelease.</param>
    /// <param name="message">What was signed, for a check against a detached signature: without dash escapes, blanks at the ends of lines,
    /// and the last line's end.</param>
    /// <param name="signature">The armored signature.</param>
    public static bool TrySplit(ReadOnlySpan<byte> text, out byte[] message, out byte[] signature)
    {
        (message, signature) = ([], []);
        if (!text.StartsWith(Begin) || !TrimEnd(text).EndsWith(EndSignature))
        {
            return false;
        }

        var output = new byte[text.Length];
        var length = 0;
        var inHeader = true;
        for (var rest = text; !rest.IsEmpty;)
        {
            var start = text.Length - rest.Length;
            var end = rest.IndexOf((byte)'\n');
            var line = TrimEnd(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (inHeader)
            {
                inHeader = !line.IsEmpty;
            }
            else if (line.SequenceEqual(BeginSignature))
            {
                signature = text[start..].ToArray();
                message = output[..Math.Max(0, length - 1)];
                // one, and nothing behind it
                return text[start..].IndexOf(EndSignature) == TrimEnd(text[start..]).Length - EndSignature.Length;
            }
            else if (line.StartsWith("-----"u8))
            {
                return false; // a message would have it escaped
            }
            else
            {
                line = line.StartsWith("- "u8) ? line[2..] : line;
                line.CopyTo(output.AsSpan(length));
                length += line.Length;
                output[length++] = (byte)'\n';
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> line) => line.TrimEnd(" \t\r\n"u8);
}
