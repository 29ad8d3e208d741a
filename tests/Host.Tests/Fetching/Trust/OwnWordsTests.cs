using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Trust;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Trust;

/// <summary>
/// Peers are believed, and blamed, for what they say themselves: not for what a node of a DHT tells of them, nor for what others gave them.
/// </summary>
public sealed class OwnWordsTests : IDisposable
{
    private const int Length = 5_000_000; // ten pieces
    private const int Piece = 512 << 10;

    private readonly byte[] _bytes = TestContent.Bytes(Length);
    private readonly PieceList _forged = TestContent.PiecesOf(TestContent.Bytes(Length, seed: 2));
    private readonly FetchRig _rig;

    public OwnWordsTests() => _rig = new FetchRig(_bytes);

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fetch_AForgedListIsToldOfAnHonestPeer_ItIsReadFromAndNotBlamed(bool hasMirror)
    {
        using var rig = new FetchRig(_bytes, hasMirror);
        if (hasMirror)
        {
            rig.AddMirror().Otherwise = ChannelAct.Slow(100_000);
        }

        var honest = Add(rig, "honest", _forged);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(_bytes, bytes);
        Assert.Empty(honest.Blames);
        Assert.Empty(honest.Doubts);
        Assert.InRange(honest.BytesRead, Length / 2, 2 * Length);
    }

    [Fact]
    public void Fetch_ForgedListsAreToldOfPeersThatAreNotThere_AnHonestPeersWordCountsMore()
    {
        using var rig = new FetchRig(_bytes, hasOrigin: false);
        for (var i = 0; i < 5; i++)
        {
            Add(rig, $"nobody{i}", _forged).Otherwise = ChannelAct.Fail(ChannelOutcome.Refused);
        }

        var honest = Add(rig, "honest", rig.Pieces!);
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(_bytes, bytes);
        Assert.Empty(honest.Blames);
    }

    [Fact]
    public void Fetch_APeerOfWhomTheRightListIsToldSendsWrongBytesAndSaysNoList_IsBlamedAndReadFromNoMore()
    {
        _rig.AddMirror().Otherwise = ChannelAct.Slow(1_000_000);
        var liar = new InMemoryChannel("liar", TestContent.Bytes(Length, seed: 2), _rig.Time) { Told = _rig.Pieces };
        _rig.Peers.Add(_rig.Content.Hash, liar);
        _rig.EndSearch();

        var (bytes, failure) = _rig.Read();

        Assert.Null(failure);
        Assert.Equal(_bytes, bytes);
        Assert.Single(liar.Reads);
        Assert.StartsWith("sent piece ", Assert.Single(liar.Blames), StringComparison.Ordinal);
    }

    [Fact]
    public void Fetch_APeerSaysAFalseListItself_IsBlamedWithWhatItSaidAndWhatIsRight()
    {
        _rig.AddMirror();
        var liar = _rig.AddPeer(_forged);
        _rig.EndSearch();

        Assert.Equal(_bytes, _rig.Read().Bytes);

        var evidence = Assert.Single(liar.Blames);
        Assert.Contains(_rig.Content.Hash.ToString()[..16], evidence, StringComparison.Ordinal);
        Assert.Contains(_rig.Pieces!.Pieces[0].ToString()[..16], evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Vote_OneHostAtManyPorts_HasOneVote()
    {
        var votes = new PieceVotes();
        var right = TestContent.PiecesOf(_bytes);
        for (var i = 0; i < 5; i++)
        {
            votes.Add(Channel($"liar{i}", "liar"), _forged, isItsWord: true);
        }

        votes.Add(Channel("one", "one"), right, isItsWord: true);
        Assert.Same(_forged, votes.Chosen); // the leader stays until another has more
        votes.Add(Channel("two", "two"), right, isItsWord: true);

        Assert.Same(right, votes.Chosen);
    }

    [Fact]
    public async Task Piece_OfAPeerThatGetsItToo_IsPassedOnAndNotVouchedFor()
    {
        var store = new InMemoryContentStore();
        await using var partial = await store.BeginAsync(ContentHash.Of(_bytes), Length, TestContext.Current.CancellationToken);
        using var builder = Builder(partial);
        await FillAsync(
            builder, partial, Channel("peer", "peer", new FetchProgress(2, [.. Enumerable.Repeat(true, 10)], [.. new bool[10]])));
        await FillAsync(builder, partial, Channel("mirror", "mirror", role: SourceRole.Origin));

        Assert.Equal([false, true], [builder.IsPieceGood(0), builder.IsPieceGood(1)]);
        Assert.Equal([true, false], [builder.IsPiecePassed(0), builder.IsPiecePassed(1)]);

        // An earlier run may have had them from anybody.
        await partial.DisposeAsync();
        await using var recovered = await store.BeginAsync(ContentHash.Of(_bytes), Length, TestContext.Current.CancellationToken);
        using var restarted = Builder(recovered);
        Assert.Equal([false, false], [restarted.IsPieceGood(0), restarted.IsPieceGood(1)]);
        Assert.Equal([true, true], [restarted.IsPiecePassed(0), restarted.IsPiecePassed(1)]);
    }

    [Fact]
    public async Task Piece_ThatFitsWhatPeersAgreeOn_IsPassedOnAndNotVouchedFor()
    {
        await using var partial = new InMemoryPartial(new InMemoryContentStore(), ContentHash.Of(_bytes), Length);
        using var builder = Builder(partial);
        var peer = Channel("peer", "peer");
        builder.Vote(peer, TestContent.PiecesOf(_bytes));
        await FillAsync(builder, partial, peer);

        Assert.False(builder.IsPieceGood(0));
        Assert.True(builder.IsPiecePassed(0));
    }

    private ContentBuilder Builder(IPartialContent partial) =>
        new(new Content(ContentHash.Of(_bytes), Length, []), partial.Recovered, new FetchChannels(most: 8));

    private async Task FillAsync(ContentBuilder builder, IPartialContent partial, FetchChannel channel)
    {
        using var claim = builder.Plan(map => map.TryClaim(channel, Piece, Length, _rig.Time.GetTimestamp()))!;
        var start = claim.Position;
        await new ContentWriter(builder, partial).AcceptAsync(
            claim, _bytes.AsMemory((int)start, Piece), _rig.Time.GetTimestamp(), TestContext.Current.CancellationToken);
        builder.Release(claim);
        Assert.True(builder.Plan(map => map.BlockAt(start).IsFull));
    }

    private FetchChannel Channel(string name, string party, FetchProgress? progress = null, SourceRole role = SourceRole.Peers)
    {
        var options = new ChannelOptions();
        return new FetchChannel(
            new InMemoryChannel(name, _bytes, _rig.Time) { Party = party, Progress = progress }, new InMemorySource("source", role),
            new Congestion(options, _rig.Time), options, _rig.Time);
    }

    /// <summary>A peer that has the right file and says so, of whom something else may be told.</summary>
    private InMemoryChannel Add(FetchRig rig, string name, PieceList told)
    {
        var channel = new InMemoryChannel(name, _bytes, rig.Time) { Told = told, Pieces = TestContent.PiecesOf(_bytes) };
        rig.Peers.Add(rig.Content.Hash, channel);
        return channel;
    }
}
