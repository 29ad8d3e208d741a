using System.Buffers;
using System.Security.Cryptography;

namespace AptP2P.Host.Apt.Fields;

/// <summary>
/// Digests that by-hash paths may use beside SHA-256, told apart by their length. They lead to a SHA-256 and never identify content.
/// </summary>
internal static class Digest
{
    /// <summary>MD5, SHA-1 and SHA-512.</summary>
    public const int Kinds = 3;

    /// <summary>Reads hexadecimal digits of any digest's length.</summary>
    public static byte[]? TryParse(ReadOnlySpan<byte> hex)
    {
        var bytes = new byte[hex.Length / 2];
        return IsLength(hex.Length) && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte})"/>
    public static byte[]? TryParse(ReadOnlySpan<char> hex)
    {
        var bytes = new byte[hex.Length / 2];
        return IsLength(hex.Length) && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <summary>Reads the hexadecimal digits of a digest as long as <paramref name="destination"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> hex, Span<byte> destination) =>
        hex.Length == destination.Length * 2 && Convert.FromHexString(hex, destination, out _, out _) == OperationStatus.Done;

    private static bool IsLength(int hexDigits) =>
        hexDigits is MD5.HashSizeInBytes * 2 or SHA1.HashSizeInBytes * 2 or SHA256.HashSizeInBytes * 2 or SHA512.HashSizeInBytes * 2;
}
