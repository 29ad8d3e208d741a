using System.Net;
using System.Security.Cryptography;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Pcp;

/// <summary>
/// Makes the nonces of mappings out of a secret: a router lets only the nonce that made a mapping renew or end it (RFC 6887, 11.3), and
/// that has to be known after a crash.
/// </summary>
internal sealed class NonceKey
{
    private const int Length = 32;

    private readonly byte[] _key;

    public NonceKey(string stateFolder)
    {
        var path = Path.Combine(stateFolder, "pcp.key");
        _key = Read(path) ?? Write(path);
    }

    public byte[] Nonce(IPAddress router, IPAddress own, Transport transport, int port)
    {
        byte[] mapping = [.. router.GetAddressBytes(), .. own.GetAddressBytes(), (byte)transport, (byte)(port >> 8), (byte)port];
        return HMACSHA256.HashData(_key, mapping)[..PcpRequest.NonceLength];
    }

    private static byte[]? Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: Length } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Write(string path)
    {
        var key = RandomNumberGenerator.GetBytes(Length);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var file = new FileStream(path, options);
            file.Write(key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // it holds for this run
        }

        return key;
    }
}
