using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace AptP2P.Source.Peers.Messages;

/// <summary>
/// <c>P2P-Have</c> on an answer about a content that is not complete yet: a bit for each piece, as a byte sequence of RFC 9651. So whoever
/// gets a piece, or is told that it is not there, knows what to ask for next.
/// </summary>
internal static class HaveHeader
{
    public const string Name = "P2P-Have";

    /// <summary>
    /// In a request, <c>?1</c>: it takes pieces that the other end only passes on. In the answer to it: which pieces those are, as a bit
    /// field like that of <see cref="Name"/>.
    /// </summary>
    public const string Passing = "P2P-Passing";

    /// <summary>A true value of RFC 9651.</summary>
    public const string Yes = "?1";

    private const int MaxPieces = 8192; // a kilobyte; larger contents (32 GiB and more) go without

    /// <summary>The value, or <see langword="null"/> when the content is too large for one.</summary>
    public static string? Write(int pieces, Func<int, bool> has) =>
        pieces <= MaxPieces ? $":{Convert.ToBase64String(BitField.Of(pieces, has))}:" : null;

    /// <summary>The bits, or <see langword="null"/> when the value is not right for that number of pieces.</summary>
    public static byte[]? TryRead(string value, int pieces)
    {
        var field = new byte[BitField.LengthFor(pieces)];
        return
            value.Length <= 2 + Base64.GetMaxEncodedToUtf8Length(field.Length)
            && value is [':', .. var text, ':']
            && Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(text), field, out _, out var written) == OperationStatus.Done
            && written == field.Length
            ? field
            : null;
    }
}
