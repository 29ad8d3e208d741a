using AptP2P.Testing.InMemory;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>Random combinations of everything that channels do wrong, from a fixed seed.</summary>
public sealed class RandomFaultTests
{
    private const int Runs = 2_000;
    private const int AptRetries = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fetch_AnyCombinationOfFaults_NeverWrongAndNeverWorseThanTheMirror(int seed)
    {
        var random = new Random(seed);
        var contents = new[] { 0, 1, 30_000, 65_537, 524_288, 524_289, 2_000_000 }.Select(length => TestContent.Bytes(length)).ToArray();
        for (var run = 0; run < Runs / 3; run++)
        {
            var bytes = contents[random.Next(contents.Length)];
            using var rig = new FetchRig(bytes, hasOrigin: random.Next(10) > 0);
            var mirrorWorks = !rig.Content.Origins.IsEmpty && random.Next(4) > 0;
            if (!rig.Content.Origins.IsEmpty)
            {
                var mirror = rig.AddMirror();
                mirror.Otherwise = mirrorWorks ? ChannelAct.Right : ChannelAct.Fail(ChannelOutcome.Refused);
                mirror.Script(
                    mirrorWorks && random.Next(2) == 0 ? [ChannelAct.Cut(random.Next(100_000)), ChannelAct.Cut(random.Next(2))] : []);
            }

            for (var peers = random.Next(5); peers > 0; peers--)
            {
                var lies = random.Next(4) == 0;
                var peer = rig.AddPeer(lies ? Lie(bytes, random) : random.Next(5) == 0 ? null : rig.Pieces);
                peer.Script([.. Enumerable.Range(0, random.Next(4)).Select(_ => Fault(random, bytes.Length))]);
                peer.Otherwise = Fault(random, bytes.Length);
            }

            rig.EndSearch();
            var (read, failure) = rig.Read();
            for (var again = 0; failure is not null && mirrorWorks && again < AptRetries; again++)
            {
                (read, failure) = rig.Read();
            }

            Assert.True(failure is null || !mirrorWorks, $"seed {seed} run {run}: {failure}");
            Assert.True(
                failure is null ? bytes.AsSpan().SequenceEqual(read) : read.Length < bytes.Length || bytes.Length == 0,
                $"seed {seed} run {run}: wrong bytes");
        }
    }

    private static ChannelAct Fault(Random random, int length) => random.Next(8) switch
    {
        0 => ChannelAct.Cut(random.Next(length + 1)),
        1 => ChannelAct.Stall(random.Next(length + 1)),
        2 => ChannelAct.Slow(random.Next(1_000, 10_000_000)),
        3 => ChannelAct.WrongByte(random.Next(length + 1)),
        4 => ChannelAct.Fail((ChannelOutcome)random.Next(1, 7)),
        _ => ChannelAct.Right,
    };

    private static PieceList? Lie(byte[] bytes, Random random)
    {
        if (PieceList.CountFor(bytes.Length) == 1)
        {
            return null;
        }

        var other = bytes.ToArray();
        other[random.Next(other.Length)] ^= 1;
        return TestContent.PiecesOf(other);
    }
}
