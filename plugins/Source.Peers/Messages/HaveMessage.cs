namespace AptP2P.Source.Peers.Messages;

/// <summary><c>POST /p2p/have</c> (docs/protocol.md): hashes in, one bit for each out.</summary>
internal static class HaveMessage
{
    public const string Path = "/p2p/have";

    public const int MaxHashes = 512; // bounds the look-ups that one request costs

    public static byte[] Write(IReadOnlyList<ContentHash> hashes)
    {
        var message = new byte[hashes.Count * ContentHash.Size];
        for (var i = 0; i < hashes.Count; i++)
        {
            hashes[i].CopyTo(message.AsSpan(i * ContentHash.Size));
        }

        return message;
    }

    /// <summary>The hashes of a question, or <see langword="null"/> when it is none.</summary>
    public static ContentHash[]? TryRead(ReadOnlySpan<byte> message)
    {
        if (message.Length % ContentHash.Size != 0 || message.Length > MaxHashes * ContentHash.Size)
        {
            return null;
        }

        var hashes = new ContentHash[message.Length / ContentHash.Size];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = new ContentHash(message.Slice(i * ContentHash.Size, ContentHash.Size));
        }

        return hashes;
    }
}
