using System.Security.Cryptography;
using System.Text;

namespace AptP2P;

/// <summary>
/// The secret of a private network of nodes, or none. It cannot be read, so that no plugin writes it into a log or onto a page: names and
/// keys are made with it, which say nothing to those who do not have it.
/// </summary>
public sealed class NetworkSecret(string text)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(text);

    /// <summary>That of the public network.</summary>
    public static NetworkSecret None { get; } = new("");

    /// <summary>Whether there is one.</summary>
    public bool Exists => _key.Length > 0;

    /// <summary>What stands for something in this network: its HMAC-SHA-256, or its SHA-256 where there is no secret.</summary>
    public byte[] Hash(ReadOnlySpan<byte> what) => Exists ? HMACSHA256.HashData(_key, what) : SHA256.HashData(what);
}
