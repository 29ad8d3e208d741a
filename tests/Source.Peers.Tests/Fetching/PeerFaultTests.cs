using AptP2P.Source.Peers.Reputation;
using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Fetching;

/// <summary>Everything that a peer can do wrong, and what the channel says of it.</summary>
public sealed class PeerFaultTests : IAsyncLifetime
{
    private const int Length = 300_000;

    private static readonly byte[] Bytes = TestContent.Bytes(Length);
    private static readonly ByteRange All = new(0, Length);
    private static readonly ByteRange Middle = new(100_000, 200_000);

    // What the peer does; the range asked for; how the read ends; how many right bytes the sink has got by then (-1: any number, but
    // right).
    private static readonly Dictionary<string, (Answer Answer, ByteRange Range, ChannelOutcome Outcome, int Bytes)> Cases = new()
    {
        ["right"] = (Answer.Right, All, ChannelOutcome.Complete, Length),
        ["right, range"] = (Answer.Right, Middle, ChannelOutcome.Complete, 100_000),
        ["ends at once"] = (Answer.CloseAtOnce, All, ChannelOutcome.Cut, 0),
        ["ends mid-body"] = (Answer.Cut(70_000), All, ChannelOutcome.Cut, 70_000),
        ["reset mid-body"] = (Answer.Cut(70_000, reset: true), All, ChannelOutcome.Cut, -1),
        ["whole content for a range"] = (Answer.Right with { IgnoreRange = true }, Middle, ChannelOutcome.Protocol, 0),
        ["a range for the whole"] = (Answer.Error(206).With("Content-Range", "bytes 0-8/300000"), All, ChannelOutcome.Protocol, 0),
        ["another range"] = (Answer.Right with { RangeError = 1 }, Middle, ChannelOutcome.Protocol, 0),
        ["less than the range"] = (
            Answer.Right.With("Content-Range", "bytes 100000-149999/300000").With("Content-Length", "50000"), Middle,
            ChannelOutcome.Protocol, 0),
        ["no Content-Range"] = (Answer.Right.With("Content-Range", ""), Middle, ChannelOutcome.Protocol, 0),
        ["another total"] = (Answer.Right.With("Content-Range", "bytes 100000-199999/300001"), Middle, ChannelOutcome.Protocol, 0),
        ["content is longer"] = (Answer.Right with { LengthError = 1 }, All, ChannelOutcome.Protocol, 0),
        ["no length"] = (Answer.Right.With("Content-Length", ""), All, ChannelOutcome.Protocol, 0),
        ["sends too much"] = (Answer.Right with { Surplus = 5000 }, All, ChannelOutcome.Complete, Length),
        ["redirect"] = (Answer.Redirect("http://127.22.2.2/"), All, ChannelOutcome.Protocol, 0),
        ["404"] = (Answer.Error(404), All, ChannelOutcome.Gone, 0),
        ["416"] = (Answer.Error(416), Middle, ChannelOutcome.Gone, 0),
        ["403"] = (Answer.Error(403), All, ChannelOutcome.Refused, 0),
        ["503"] = (Answer.Busy(TimeSpan.FromSeconds(1)), All, ChannelOutcome.Busy, 0),
        ["not HTTP"] = (Answer.Verbatim("220 mail.example ESMTP\r\n"), All, ChannelOutcome.Protocol, 0),
        ["headers for ever"] = (Answer.Verbatim("HTTP/1.1 200 OK\r\nX: " + new string('x', 20_000)), All, ChannelOutcome.Protocol, 0),
    };

    private readonly FaultyServer _server = FaultyServer.Start("127.22.2.1", Bytes);
    private readonly InMemoryPeerNetwork _network = new();
    private readonly VirtualTime _time = new();
    private readonly Content _content = new(ContentHash.Of(Bytes), Length, []);
    private PeerNode _node = null!;

    public static TheoryData<string> Names => [.. Cases.Keys];

    public async ValueTask InitializeAsync()
    {
        _node = await PeerNode.StartAsync("127.22.2.3", _network, time: _time);
        await _network.Join(_server.EndPoint).AnnounceAsync(new Announcement(_content.Hash, Length, null), PeerNode.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_PeerDoes_EndsAs(string what)
    {
        var (answer, range, outcome, bytes) = Cases[what];
        _server.Otherwise = _ => answer;
        await using var channel = Assert.Single(await _node.OpenAsync(_content));
        var sink = new InMemorySink();

        var result = await channel.ReadAsync(range, sink, PeerNode.Cancellation);

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == ChannelOutcome.Busy ? TimeSpan.FromSeconds(1) : null, result.RetryAfter);
        var got = sink.Bytes;
        Assert.Equal(bytes < 0 ? got.Length : bytes, got.Length);
        Assert.True(Bytes.AsSpan((int)range.Start, got.Length).SequenceEqual(got));
    }

    [Fact]
    public async Task Read_NoAnswer_TimeoutAndThePeerIsLeftAloneForAWhile()
    {
        _server.Script(Answer.StallBeforeHeaders());
        await using var channel = Assert.Single(await _node.OpenAsync(_content));

        var read = channel.ReadAsync(All, new InMemorySink(), PeerNode.Cancellation);
        await _server.StalledAsync(PeerNode.Cancellation);
        var result = await _time.RunAsync(read);

        Assert.Equal((ChannelOutcome.Timeout, TimeSpan.FromSeconds(2)), (result.Outcome, _time.Elapsed));
        Assert.Empty(await _node.OpenAsync(_content));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(await _node.OpenAsync(_content));
    }

    [Fact]
    public async Task Read_StallsInTheBody_Timeout()
    {
        _server.Script(Answer.Stall(1000));
        await using var channel = Assert.Single(await _node.OpenAsync(_content));
        var sink = new InMemorySink();

        var read = channel.ReadAsync(All, sink, PeerNode.Cancellation);
        await _server.StalledAsync(PeerNode.Cancellation);
        await sink.HasAsync(1000);

        Assert.Equal((ChannelOutcome.Timeout, TimeSpan.FromSeconds(2)), ((await _time.RunAsync(read)).Outcome, _time.Elapsed));
    }

    [Fact]
    public async Task Read_NobodyThere_RefusedAndNotTriedAgainSoon()
    {
        await _server.DisposeAsync();
        await using var channel = Assert.Single(await _node.OpenAsync(_content));

        Assert.Equal(ChannelOutcome.Refused, (await channel.ReadAsync(All, new InMemorySink(), PeerNode.Cancellation)).Outcome);
        Assert.Empty(await _node.OpenAsync(_content));
    }

    [Fact]
    public async Task Read_SeveralPieces_OneConnection()
    {
        await using var channel = Assert.Single(await _node.OpenAsync(_content));
        foreach (var range in new ByteRange[] { new(0, 1000), new(1000, 50_000), Middle })
        {
            Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(range, new InMemorySink(), PeerNode.Cancellation));
        }

        Assert.Equal(1, _server.ConnectionCount);
        Assert.All(_server.Requests, request => Assert.Equal(["Host", "P2P-From", "Range"], request.Headers.Keys.Order()));
    }

    [Fact]
    public async Task Blame_Once_RefusedForAGrowingTimeAndNoLongerGood()
    {
        foreach (var pause in new[] { TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(40) })
        {
            await using var channel = Assert.Single(await _node.OpenAsync(_content));
            await channel.ReadAsync(All, new InMemorySink(), PeerNode.Cancellation);
            channel.Blame("piece 0 is wrong");

            Assert.Empty(_node.Get<PeerReputation>().Good);
            Assert.Empty(await _node.OpenAsync(_content));
            _time.Advance(pause - TimeSpan.FromSeconds(1));
            Assert.Empty(await _node.OpenAsync(_content));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData("d3:xyze")]
    [InlineData("")]
    [InlineData("HTML")]
    public async Task GetPieceList_Nonsense_Null(string body)
    {
        _server.Otherwise = _ => Answer.Of(System.Text.Encoding.ASCII.GetBytes(body));
        await using var channel = Assert.Single(await _node.OpenAsync(_content));

        Assert.Null(await channel.GetPieceListAsync(PeerNode.Cancellation));
        Assert.Equal("/p2p/pieces/" + _content.Hash, Assert.Single(_server.Requests).Target);
    }

    /// <summary>Its fetch was given up, as when apt is interrupted there: nobody is to wait for it.</summary>
    [Fact]
    public async Task GetPieceList_PeerWasGettingItAndIsNotAnyMore_IsNoLongerWaitedFor()
    {
        var pieces = PieceList.CountFor(_content.Length);
        var getting = new FetchProgress(7, [.. new bool[pieces]], [.. new bool[pieces]]);
        _server.Otherwise = _ => Answer.Of(PieceListMessage.Write(_content.Length, null, getting));
        await using var channel = Assert.Single(await _node.OpenAsync(_content));
        await channel.GetPieceListAsync(PeerNode.Cancellation);
        Assert.NotNull(channel.Progress);

        _server.Otherwise = _ => new Answer { Status = 404 };
        await channel.GetPieceListAsync(PeerNode.Cancellation);

        Assert.Null(channel.Progress);
    }

    [Fact]
    public async Task GetPieceList_TooLong_NotRead()
    {
        _server.Otherwise = _ => Answer.Of(new byte[10_000_000]);
        await using var channel = Assert.Single(await _node.OpenAsync(_content));

        Assert.Null(await channel.GetPieceListAsync(PeerNode.Cancellation));
        Assert.True(_server.BytesSent < 10_000_000);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, false)] // the same list again and again: longer than any of this content
    public async Task GetPieceList_Chunked_ReadUpToItsLimit(int chunks, bool isRead)
    {
        var list = new PieceList(Length, [_content.Hash]);
        var chunk = System.Text.Encoding.Latin1.GetString(PieceListMessage.Write(Length, list, progress: null));
        var body = string.Concat(Enumerable.Repeat($"{chunk.Length:x}\r\n{chunk}\r\n", chunks));
        _server.Otherwise = _ => Answer.Verbatim($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}0\r\n\r\n");
        await using var channel = Assert.Single(await _node.OpenAsync(_content));

        Assert.Equal(isRead ? list.Digest : null, (await channel.GetPieceListAsync(PeerNode.Cancellation))?.Digest);
    }

    [Fact]
    public async Task GetPieceList_Stalls_NullInTime()
    {
        _server.Otherwise = _ => Answer.Of(new byte[100]) with { StallAt = 10 };
        await using var channel = Assert.Single(await _node.OpenAsync(_content));

        var list = channel.GetPieceListAsync(PeerNode.Cancellation).AsTask();
        await _server.StalledAsync(PeerNode.Cancellation);

        Assert.Null(await _time.RunAsync(list));
    }

    [Theory]
    [InlineData(404)] // any server of files
    [InlineData(405)]
    [InlineData(301)]
    [InlineData(400)]
    [InlineData(501)]
    [InlineData(503)]
    public async Task Have_NotUnderstood_ThePeerIsAskedForWhatALookUpFinds(int status)
    {
        _server.Otherwise = request => request.Method == "POST" ? Answer.Error(status) : Answer.Right;
        await using var first = Assert.Single(await _node.OpenAsync(_content));
        await first.ReadAsync(All, new InMemorySink(), PeerNode.Cancellation); // good for one, it is asked about others

        for (var i = 1; i <= 2; i++)
        {
            var other = new Content(ContentHash.Of([(byte)i]), Length, []);
            await _network.Join(_server.EndPoint).AnnounceAsync(new Announcement(other.Hash, Length, null), PeerNode.Cancellation);

            Assert.Single(await _node.OpenAsync(other));
            Assert.Equal(i, _server.Requests.Count(request => request.Target == HaveMessage.Path));
            Assert.Equal([_server.EndPoint], _node.Get<PeerReputation>().Good);
        }
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(403, false)] // it gives nothing to this node
    [InlineData(421, false)] // it is this node
    public async Task Have_ANeighbourAnswersWithAnError_IsLeftAloneOnlyIfThatIsOfTheNode(int status, bool isAskedAgain)
    {
        _server.Otherwise = _ => Answer.Error(status);
        await _node.Neighbours.AppearAsync(_server.EndPoint);

        await _node.OpenAsync(_content, SearchEffort.Known);

        Assert.Equal(isAskedAgain, _node.Get<NearPeers>().Contains(_server.EndPoint));
        Assert.Equal(isAskedAgain, _node.Get<PeerReputation>().IsWelcome(_server.EndPoint));
    }

    [Fact]
    public async Task Have_CutShort_TheNeighbourIsAskedAgain()
    {
        _server.Otherwise = _ => Answer.Of(new byte[1]) with { CutAt = 0 };
        await _node.Neighbours.AppearAsync(_server.EndPoint);

        Assert.Empty(await _node.OpenAsync(_content, SearchEffort.Known));
        Assert.Contains(_server.EndPoint, _node.Get<PeerReputation>().Neighbours);
    }

    [Fact]
    public async Task Have_NeverEnds_TheNeighbourIsLeftAloneForAWhile()
    {
        _server.Otherwise = _ => Answer.Of(new byte[1]) with { StallAt = 0 };
        await _node.Neighbours.AppearAsync(_server.EndPoint);

        var opening = _node.OpenAsync(_content, SearchEffort.Known);
        await _server.StalledAsync(PeerNode.Cancellation);

        Assert.Empty(await _time.RunAsync(opening));
        Assert.False(_node.Get<PeerReputation>().IsWelcome(_server.EndPoint));
    }
}
