using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Building;

/// <summary>
/// A block that several channels filled is read back to be judged, and meanwhile anything may happen to the last of them.
/// </summary>
public sealed class ContentBuilderTests : IDisposable
{
    private const int Piece = 512 << 10;

    private readonly byte[] _bytes = TestContent.Bytes(3 * Piece);
    private readonly VirtualTime _time = new();
    private readonly SlowToRead _partial;
    private readonly ContentBuilder _builder;
    private readonly ContentWriter _writer;

    public ContentBuilderTests()
    {
        var hash = ContentHash.Of(_bytes);
        _partial = new SlowToRead(new InMemoryPartial(new InMemoryContentStore(), hash, _bytes.Length));
        _builder = new ContentBuilder(new Content(hash, _bytes.Length, []), [], new FetchChannels(most: 8));
        _writer = new ContentWriter(_builder, _partial);
    }

    public void Dispose() => _builder.Dispose();

    [Fact]
    public async Task Accept_ItsClaimIsTakenWhileTheBlockIsReadBack_TheBlockIsJudgedAllTheSame()
    {
        using var stop = new CancellationTokenSource();
        var (claim, accepting) = await FillTheFirstByTwoAsync(stop.Token);

        _builder.Revoke(claim);
        await stop.CancelAsync();
        _partial.Gate.SetResult();

        Assert.False(await accepting);
        Assert.Equal(ContentHash.Of(_bytes.AsSpan(0, Piece)), _builder.Plan(map => map.Blocks[0].Hash));
    }

    [Fact]
    public async Task Accept_TheBlockCannotBeReadBack_ItIsToBeFetchedAgain()
    {
        var (_, accepting) = await FillTheFirstByTwoAsync(TestContext.Current.CancellationToken);

        _partial.Gate.SetException(new IOException("the disk fails"));

        await Assert.ThrowsAsync<IOException>(() => accepting);
        Assert.False(_builder.Plan(map => map.Blocks[0].IsFull));
    }

    /// <summary>The second of two peers brings the last bytes of the first block, which is read back now.</summary>
    private async Task<(Claim Claim, Task<bool> Accepting)> FillTheFirstByTwoAsync(CancellationToken cancellationToken)
    {
        var first = Take();
        Assert.True(await _writer.AcceptAsync(first, _bytes.AsMemory(0, Piece / 2), _time.GetTimestamp(), cancellationToken));
        _builder.Revoke(first);
        var second = Take();
        var accepting = _writer
            .AcceptAsync(second, _bytes.AsMemory(Piece / 2, Piece / 2), _time.GetTimestamp(), cancellationToken)
            .AsTask();
        Assert.False(accepting.IsCompleted);
        return (second, accepting);
    }

    private Claim Take()
    {
        var options = new ChannelOptions();
        var channel = new FetchChannel(
            new InMemoryChannel("peer", _bytes, _time), new InMemorySource("source", SourceRole.Peers), new Congestion(options, _time),
            options, _time);
        return _builder.Plan(map => map.TryClaim(channel, long.MaxValue, long.MaxValue, _time.GetTimestamp()))!;
    }
}
