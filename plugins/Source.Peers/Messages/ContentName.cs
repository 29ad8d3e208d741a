using System.Buffers.Text;

namespace AptP2P.Source.Peers.Messages;

/// <summary>The path at which a peer serves a content (RFC 6920, section 4).</summary>
internal static class ContentName
{
    public const string Folder = "/.well-known/ni/sha-256/";

    private const int Letters = 43; // 32 bytes in base64url without padding

    public static string PathOf(ContentHash hash) => Folder + Base64Url.EncodeToString(hash.ToArray());

    /// <summary>Reads the last part of such a path. There is one way to write each hash: the four spare bits are zero.</summary>
    public static bool TryRead(ReadOnlySpan<char> name, out ContentHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[ContentHash.Size + 1];
        if (name.Length != Letters
            || !Base64Url.IsValid(name)
            || Base64Url.DecodeFromChars(name, bytes, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != ContentHash.Size)
        {
            return false;
        }

        hash = new ContentHash(bytes[..ContentHash.Size]);
        return name.SequenceEqual(Base64Url.EncodeToString(bytes[..ContentHash.Size]));
    }
}
