using System.Security.Cryptography;

namespace AptP2P.Dht.Kademlia;

/// <summary>
/// Random numbers that strangers cannot guess: transaction ids and token secrets come from it. Tests use a seeded <see cref="Random"/>
/// instead.
/// </summary>
internal sealed class UnguessableRandom() : Random(0)
{
    public override int Next(int maxValue) => maxValue <= 1 ? 0 : RandomNumberGenerator.GetInt32(maxValue);

    public override long NextInt64(long maxValue)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return (long)(BitConverter.ToUInt64(bytes) % (ulong)maxValue); // without bias: callers ask for powers of two
    }

    public override double NextDouble() => NextInt64(1L << 53) / (double)(1L << 53);

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    /// <summary>The base class takes it for ranges and shuffles. Its own numbers would be the same after each start.</summary>
    protected override double Sample() => NextDouble();
}
