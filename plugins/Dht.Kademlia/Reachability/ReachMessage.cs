using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>What a node asks another: to connect to where the question came from, at these ports.</summary>
/// <param name="Nonce">Known to both alone.</param>
/// <param name="Tcp">Where it serves peers.</param>
/// <param name="Udp">Where its node of the DHT is; <see langword="null"/> if that is not asked for.</param>
internal readonly record struct ReachQuestion(string Nonce, ushort Tcp, ushort? Udp);

/// <summary>What came of it.</summary>
/// <param name="Tcp">Whether its <c>/p2p/hello</c> held the nonce's hash.</param>
/// <param name="Udp">Whether its node answered a ping; <see langword="null"/> if that was not asked for.</param>
internal readonly record struct ReachAnswer(bool Tcp, bool? Udp);

/// <summary>
/// <c>GET /p2p/reach</c> and <c>GET /p2p/hello</c> (docs/protocol.md, "Can it be reached?"). What is not exactly of the form is refused.
/// </summary>
internal static class ReachMessage
{
    public const string ReachPath = "/p2p/reach";
    public const string HelloPath = "/p2p/hello";

    /// <summary>Ports below are services of other kinds.</summary>
    public const ushort LowestPort = 1024;

    /// <summary>No answer of either kind is longer.</summary>
    public const int MaxSize = 1024;

    private const int NonceDigits = 32;
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;

    public static string NewNonce() => RandomNumberGenerator.GetHexString(NonceDigits, lowercase: true);

    public static string PathOf(ReachQuestion question) => string.Create(
        CultureInfo.InvariantCulture,
        $"{ReachPath}?nonce={question.Nonce}&port={question.Tcp}{(question.Udp is { } udp ? $"&udp={udp}" : "")}");

    /// <summary>Takes a request's values of <c>nonce</c>, <c>port</c> and <c>udp</c>.</summary>
    public static bool TryRead(string? nonce, string? port, string? udp, out ReachQuestion question)
    {
        question = default;
        if (nonce is not { Length: NonceDigits } || !nonce.All(char.IsAsciiHexDigitLower) || !TryReadPort(port, out var tcp))
        {
            return false;
        }

        var udpPort = default(ushort);
        if (udp is not null && !TryReadPort(udp, out udpPort))
        {
            return false;
        }

        question = new ReachQuestion(nonce, tcp, udp is null ? null : udpPort);
        return true;
    }

    public static string Write(ReachAnswer answer) =>
        $"tcp {YesOrNo(answer.Tcp)}\n{(answer.Udp is { } udp ? $"udp {YesOrNo(udp)}\n" : "")}";

    /// <summary>Reads the answer to a question.</summary>
    public static ReachAnswer? TryRead(ReadOnlySpan<byte> body)
    {
        bool? tcp = body.StartsWith("tcp yes\n"u8) ? true : body.StartsWith("tcp no\n"u8) ? false : null;
        var rest = tcp is { } first ? body[(first ? 8 : 7)..] : default;
        return tcp is not { } isTcp ? null
            : rest.IsEmpty ? new ReachAnswer(isTcp, null)
            : rest.SequenceEqual("udp yes\n"u8) ? new ReachAnswer(isTcp, true)
            : rest.SequenceEqual("udp no\n"u8) ? new ReachAnswer(isTcp, false)
            : null;
    }

    /// <summary>The SHA-256 of the nonce's digits, in hex.</summary>
    public static string HashOf(string nonce) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(nonce)));

    /// <summary>A line for each nonce that is waited for.</summary>
    public static string WriteHello(IEnumerable<string> hashes) => string.Concat(hashes.Select(static hash => hash + "\n"));

    /// <summary>Whether an answer to <c>/p2p/hello</c> holds a nonce's hash, as one of its lines.</summary>
    public static bool HelloHas(ReadOnlySpan<byte> body, string nonce)
    {
        Span<byte> hash = stackalloc byte[HashDigits];
        Encoding.ASCII.GetBytes(HashOf(nonce), hash);
        foreach (var line in body.Split((byte)'\n'))
        {
            if (body[line].SequenceEqual(hash))
            {
                return true;
            }
        }

        return false;
    }

    private static string YesOrNo(bool value) => value ? "yes" : "no";

    private static bool TryReadPort(string? text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= LowestPort;
}
