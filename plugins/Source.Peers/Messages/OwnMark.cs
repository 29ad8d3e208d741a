using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Source.Peers.Messages;

/// <summary>
/// <c>P2P-From</c> in each request: what this node alone can tell from any other's, another one each time. So it notices that it asks
/// itself, by an address of which it does not know that it leads back, such as its router's; and nobody else can tell by it who asks.
/// </summary>
internal sealed class OwnMark
{
    public const string Header = "P2P-From";

    private const int Digits = 32; // of the proof

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public string Next()
    {
        var number = RandomNumberGenerator.GetHexString(16, lowercase: true);
        return number + Prove(number);
    }

    public bool IsOwn(string value) =>
        value.Length > Digits
        && value.Length <= 2 * Digits
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(value[^Digits..]), Encoding.UTF8.GetBytes(Prove(value[..^Digits])));

    private string Prove(string number) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(number)))[..Digits];
}
