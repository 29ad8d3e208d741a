namespace AptP2P.Host.Apt.Releases;

/// <summary>Release.gpg. Only its outside is looked at, so that an error page is not kept in its place.</summary>
internal static class DetachedSignature
{
    /// <summary>Armored, or a binary OpenPGP packet (RFC 9580 section 4.2: its first bit is set).</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes.StartsWith("-----BEGIN PGP SIGNATURE-----"u8) || bytes is [>= 0x80, ..];
}
