using AptP2P.Host.Fetching;
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

    public ContentBuilderTests()
    {
        var hash = ContentHash.Of(_bytes);
        _partial = new SlowToRead(new InMemoryPartial(new InMemoryContentStore(), hash, _bytes.Length));
        _builder = new ContentBuilder(new Content(hash, _bytes.Length, []), _partial, () => []);
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
        Assert.Equal(ContentHash.Of(_bytes.AsSpan(0, Piece)), _builder.Map.Blocks[0].Hash);
    }

    [Fact]
    public async Task Accept_TheBlockCannotBeReadBack_ItIsToBeFetchedAgain()
    {
        var (_, accepting) = await FillTheFirstByTwoAsync(TestContext.Current.CancellationToken);

        _partial.Gate.SetException(new IOException("the disk fails"));

        await Assert.ThrowsAsync<IOException>(() => accepting);
        Assert.False(_builder.Map.Blocks[0].IsFull);
    }

    /// <summary>The second of two peers brings the last bytes of the first block, which is read back now.</summary>
    private async Task<(Claim Claim, Task<bool> Accepting)> FillTheFirstByTwoAsync(CancellationToken cancellationToken)
    {
        var first = Take();
        Assert.True(await _builder.AcceptAsync(first, _bytes.AsMemory(0, Piece / 2), _time.GetTimestamp(), cancellationToken));
        _builder.Revoke(first);
        var second = Take();
        var accepting = _builder
            .AcceptAsync(second, _bytes.AsMemory(Piece / 2, Piece / 2), _time.GetTimestamp(), cancellationToken)
            .AsTask();
        Assert.False(accepting.IsCompleted);
        return (second, accepting);
    }

    private Claim Take()
    {
        var options = new FetchOptions();
        var channel = new FetchChannel(
            new InMemoryChannel("peer", _bytes, _time), new InMemorySource("source", SourceRole.Peers), new Congestion(options, _time),
            options, _time);
        return _builder.Locked((map, _) => map.TryClaim(channel, long.MaxValue, long.MaxValue, _time.GetTimestamp()))!;
    }

    /// <summary>What is read comes when the gate opens.</summary>
    private sealed class SlowToRead(InMemoryPartial partial) : IPartialContent
    {
        public TaskCompletionSource Gate { get; } = new();

        public long Length => partial.Length;

        public IReadOnlyList<ByteRange> Recovered => partial.Recovered;

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            await Gate.Task;
            return await partial.ReadAsync(offset, destination, cancellationToken);
        }

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            partial.WriteAsync(offset, bytes, cancellationToken);

        public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken) => partial.MarkAsync(range, cancellationToken);

        public ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken) =>
            partial.CommitAsync(pieces, cancellationToken);

        public ValueTask UnmarkAllAsync(CancellationToken cancellationToken) => partial.UnmarkAllAsync(cancellationToken);

        public ValueTask DisposeAsync() => partial.DisposeAsync();
    }
}
