using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Building;

/// <summary>
/// The whole is wrong, and its blocks are read back to tell later who lied. Meanwhile one of them is emptied and filled anew.
/// </summary>
public sealed class WholeVerificationTests
{
    private const int Piece = 512 << 10;

    private readonly byte[] _bytes = TestContent.Bytes(3 * Piece);
    private readonly VirtualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ABlockIsFilledAnewWhileOthersAreReadBack_WhoeverFillsItIsNotBlamedForWhatItHeld()
    {
        var wrong = _bytes.AsSpan().ToArray();
        wrong[(2 * Piece) - 1] ^= 1;
        var right = TestContent.PiecesOf(_bytes);
        var content = new Content(ContentHash.Of(_bytes), _bytes.Length, []);
        var partial = new SlowToRead(new InMemoryPartial(new InMemoryContentStore(), content.Hash, _bytes.Length), atOnce: _bytes.Length);
        await partial.WriteAsync(0, _bytes.AsMemory(0, Piece), Cancellation);
        using var builder = new ContentBuilder(content, recovered: [new ByteRange(0, Piece)], new FetchChannels(most: 8));
        var writer = new ContentWriter(builder, partial);
        var (liar, honest, mirror) = (Channel("liar"), Channel("honest"), Channel("mirror", SourceRole.Origin));
        builder.Vote(liar, TestContent.PiecesOf(wrong));
        await writer.AcceptAsync(Take(builder, liar), wrong.AsMemory(Piece, Piece), _time.GetTimestamp(), Cancellation);
        await writer.AcceptAsync(Take(builder, mirror), _bytes.AsMemory(2 * Piece, Piece), _time.GetTimestamp(), Cancellation);

        var verification = new WholeVerification(content, partial, builder, writer);
        var verified = verification.RunAsync(_ => Task.FromResult(false), Cancellation); // is at the first block, whose hash is not known
        builder.Vote(honest, right);
        builder.Vote(Channel("second"), right); // more than the liar: what it gave is thrown away
        var claim = Take(builder, honest);
        await writer.AcceptAsync(claim, _bytes.AsMemory(Piece, Piece / 2), _time.GetTimestamp(), Cancellation);
        var judged = builder.Progress.Next;
        partial.Gate.SetResult();
        await judged;
        builder.Vote(Channel("third"), right); // all blocks are looked at again
        await writer.AcceptAsync(claim, _bytes.AsMemory(Piece + (Piece / 2), Piece / 2), _time.GetTimestamp(), Cancellation);

        Assert.True(liar.IsRetired);
        Assert.False(honest.IsRetired);
        Assert.True(await verified);
    }

    private Claim Take(ContentBuilder builder, FetchChannel channel) =>
        builder.Plan(map => map.TryClaim(channel, Piece, map.Length, _time.GetTimestamp()))!;

    private FetchChannel Channel(string name, SourceRole role = SourceRole.Peers)
    {
        var options = new ChannelOptions();
        return new FetchChannel(
            new InMemoryChannel(name, _bytes, _time), new InMemorySource("source", role), new Congestion(options, _time), options, _time);
    }
}
