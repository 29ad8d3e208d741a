using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// Someone foreign who says that they have a file, and what its pieces are. Speaks the wire's protocols (docs/protocol.md) and nothing of
/// the daemon's own code. The benchmarks use it too, so it knows nothing of tests.
/// </summary>
/// <param name="endPoint">Theirs, for UDP and TCP.</param>
/// <param name="sha256">The file's.</param>
/// <param name="bytes">What they say is in it.</param>
internal sealed class Stranger(IPEndPoint endPoint, byte[] sha256, byte[] bytes)
{
    private const int ShortestPiece = 512 << 10;
    private const int LongestPiece = 4 << 20;
    private const int MostPieces = 1024;
    private const int ListedPieces = 31; // in an item of the DHT
    private const int TravellingPieces = 4;

    private readonly byte[] _id = SHA1.HashData(endPoint.Address.GetAddressBytes());

    public IPEndPoint EndPoint => endPoint;

    /// <summary>Where over HTTP they would have the bytes (RFC 6920).</summary>
    public string ContentPath =>
        $"/.well-known/ni/sha-256/{Convert.ToBase64String(sha256).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";

    /// <summary>And the list of pieces.</summary>
    public string PiecesPath => $"/p2p/pieces/{Convert.ToHexStringLower(sha256)}";

    /// <summary>That list, as it goes over HTTP.</summary>
    public byte[] Pieces() =>
        Krpc.Encode(Krpc.Dictionary(("length", (long)bytes.Length), ("piece length", (long)PieceLength), ("pieces", PieceHashes())));

    /// <summary>Announces the file to a node, as BEP 5 says, with our addition <c>pl</c>.</summary>
    public async Task AnnounceAsync(IPEndPoint node, CancellationToken cancellationToken)
    {
        using var socket = new UdpClient(endPoint);
        socket.Connect(node);
        var key = sha256[..20];
        var answer = await AskAsync(socket, "get_peers", cancellationToken, ("id", _id), ("info_hash", key));
        await AskAsync(
            socket, "announce_peer", cancellationToken, ("id", _id), ("info_hash", key), ("pl", Claim()), ("port", (long)endPoint.Port),
            ("token", answer["token"]));
    }

    private int PieceLength
    {
        get
        {
            var length = ShortestPiece;
            while (length < LongestPiece && (long)length * MostPieces < bytes.Length)
            {
                length *= 2;
            }

            return length;
        }
    }

    private byte[] PieceHashes() => [.. bytes.Chunk(PieceLength).SelectMany(SHA256.HashData)];

    private SortedDictionary<string, object> Claim()
    {
        var claim = Krpc.Dictionary(("l", (long)bytes.Length));
        var list = PieceHashes();
        if (bytes.Length <= ShortestPiece)
        {
            return claim;
        }

        if (list.Length / SHA256.HashSizeInBytes <= TravellingPieces)
        {
            claim.Add("p", list);
        }
        else
        {
            claim.Add("d", SHA256.HashData(list));
            if (list.Length / SHA256.HashSizeInBytes <= ListedPieces)
            {
                claim.Add("t", SHA1.HashData(Krpc.Encode(list)));
            }
        }

        return claim;
    }

    private static async Task<SortedDictionary<string, object>> AskAsync(
        UdpClient socket, string method, CancellationToken cancellationToken, params (string, object)[] arguments)
    {
        var query = Krpc.Dictionary(
            ("a", Krpc.Dictionary(arguments)), ("n", Krpc.Network), ("q", method), ("ro", 1L), ("t", "test"), ("y", "q"));
        await socket.SendAsync(Krpc.Encode(query), cancellationToken);
        while (true)
        {
            var message = Krpc.Decode((await socket.ReceiveAsync(cancellationToken)).Buffer);
            if (message.TryGetValue("r", out var answer)) // else it is a query of theirs: we are read-only (BEP 43) and need not answer
            {
                return (SortedDictionary<string, object>)answer;
            }

            if (message.ContainsKey("e"))
            {
                throw new InvalidOperationException($"the node refused {method}");
            }
        }
    }
}
