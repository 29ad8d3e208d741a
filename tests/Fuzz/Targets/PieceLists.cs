extern alias Peers;

using Peers::AptP2P.Source.Peers.Messages;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>A peer's answer to /p2p/pieces, below a line with the content's length.</summary>
internal static class PieceLists
{
    /// <summary>A buffer of this size is made for each peer that is asked.</summary>
    private const int MaxBuffer = 16 << 20;

    public static void Check(ReadOnlySpan<byte> input)
    {
        var length = InputParts.TakeNumber(ref input);
        var allowance = Allowance.Begin();
        var makesSense = PieceListMessage.TryRead(input, length, out var list, out var progress);
        allowance.End(input.Length, each: 24, fixedCost: 1024);

        Assert.InRange(PieceListMessage.MaxSize(length), 1, MaxBuffer);
        Assert.True(
            list is null || (list.Length == length && list.Pieces.Length == PieceList.CountFor(length)), "the list is of another content");
        Assert.Equal(makesSense, list is not null || progress is not null);
        if (!makesSense)
        {
            return;
        }

        Assert.True(progress is null || (progress.Has.Length == PieceList.CountFor(length) && progress.Gets.Length == progress.Has.Length));
        var written = PieceListMessage.Write(length, list, progress);
        Assert.InRange(written.Length, 1, PieceListMessage.MaxSize(length));
        Assert.True(
            PieceListMessage.TryRead(written, length, out var listAgain, out var progressAgain), "a message of our own is not read");
        Assert.Equal(list?.Digest, listAgain?.Digest);
        Assert.Equal(progress?.Node, progressAgain?.Node);
        Assert.True(
            progress is null || (progress.Has.SequenceEqual(progressAgain!.Has) && progress.Gets.SequenceEqual(progressAgain.Gets)));
    }
}
