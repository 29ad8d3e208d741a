using System.Security.Cryptography;

namespace AptP2P.Dht.Kademlia;

/// <summary>
/// Randomness that strangers cannot continue: transaction ids and token secrets come from it. A seeded <see cref="Random"/> takes its place
/// in tests.
/// </summary>
internal sealed class UnguessableRandom() : Random(0)
{
    public override int Next(int maxValue) => maxValue <= 1 ? 0 : RandomNumberGenerator.GetInt32(maxValue);

    public override long NextInt64(long maxValue)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return (long)(BitConverter.ToUInt64(bytes) % (ulong)maxValue); // the powers of two asked for have no bias
    }

    public override double NextDouble() => NextInt64(1L << 53) / (double)(1L << 53);

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
}
