using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

public sealed class FetcherTests
{
    private const int Length = 2_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Join_ManyAtOnce_OneFetch()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror();
        rig.EndSearch();

        var all = rig.Thread.Run(() => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => rig.ReadToEndAsync())));

        Assert.All(all, read => Assert.Equal(rig.Bytes, read.Bytes));
        Assert.Equal(Length, mirror.BytesRead);
    }

    [Fact]
    public void Join_Stored_NothingToFetch()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        rig.AddMirror();
        rig.EndSearch();
        rig.Read();
        rig.WaitForEnd();

        Assert.Null(rig.Thread.Run(() => rig.Fetcher.JoinAsync(rig.Content, Cancellation)));
    }

    [Fact]
    public void Adopt_BytesThatAreHereAlready_ArePublishedWithoutAskingAnybody()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror();
        rig.EndSearch();
        var published = new List<(Content Content, PieceList? Pieces)>();
        rig.Fetcher.Published += (content, pieces) => published.Add((content, pieces));

        for (var i = 0; i < 2; i++)
        {
            rig.Thread.Run(() => rig.Fetcher.AdoptAsync(rig.Content, () => new MemoryStream(rig.Bytes), Cancellation));
            rig.WaitForEnd();
        }

        Assert.True(rig.IsStored);
        Assert.Equal(rig.Pieces!.Digest, Assert.Single(published).Pieces!.Digest);
        Assert.Equal(0, mirror.BytesRead);
    }

    [Fact]
    public void Leave_TheLastReader_TheWorkStopsAndIsGoneOnWithLater()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Stall(1_100_000)); // in its third piece
        rig.EndSearch();

        rig.Thread.Run(async () =>
        {
            var reader = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            await mirror.StalledAsync(Cancellation);
            await reader.DisposeAsync();
            Assert.False(await reader.Outcome);
        });
        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.Equal(new ByteRange(1_048_576, Length), mirror.Reads.Last());
    }

    [Fact]
    public void Leave_OneOfTwo_TheOtherGetsIt()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Stall(1_000_000));
        rig.EndSearch();

        var (bytes, _) = rig.Thread.Run(async () =>
        {
            var leaving = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            var staying = rig.ReadToEndAsync();
            await mirror.StalledAsync(Cancellation);
            await leaving.DisposeAsync();
            mirror.Release();
            return await staying;
        });

        Assert.Equal(rig.Bytes, bytes);
    }

    [Fact]
    public void Read_WhileTheRestIsOnItsWay_TheVerifiedPrefixIsThere()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Stall(1_000_000));
        rig.EndSearch();

        rig.Thread.Run(async () =>
        {
            await using var reader = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            await mirror.StalledAsync(Cancellation);
            Assert.Null(await reader.WaitAsync(Cancellation));
            var buffer = new byte[Length];
            var read = await reader.ReadAsync(buffer, Cancellation);
            Assert.InRange(read, 1, 1_000_000);
            Assert.Equal(rig.Bytes[..read], buffer[..read]);
        });
    }

    [Fact]
    public void Read_AllButTheEnd_TheEndWaitsForTheWholeHash()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Stall(Length - 1));
        rig.EndSearch();

        rig.Thread.Run(async () =>
        {
            await using var reader = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            await mirror.StalledAsync(Cancellation);
            var buffer = new byte[Length];
            while (reader.Position < Length - (16 << 10))
            {
                Assert.Null(await reader.WaitAsync(Cancellation));
                await reader.ReadAsync(buffer, Cancellation);
            }

            Assert.Equal(0, await reader.ReadAsync(buffer, Cancellation));
        });
    }

    [Fact]
    public void Fetch_DiskFills_EndsAndNoChannelIsBlamed()
    {
        using var rig = new FetchRig(TestContent.Bytes(2_000_000)) { Store = { Room = 1_000_000 } };
        rig.AddMirror();
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Contains("no space left", failure!.Reason, StringComparison.Ordinal);
        Assert.True(bytes.AsSpan().SequenceEqual(rig.Bytes.AsSpan(0, bytes.Length)));
        Assert.False(rig.Memory.IsTroubled("mirror.test"));
        Assert.False(rig.IsStored);
    }

    [Fact]
    public void Fetch_NoSourceAtAll_SaysSo()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length), hasOrigin: false);
        rig.EndSearch();

        Assert.Equal("no source has it", rig.Read().Failure?.Reason);
    }

    [Fact]
    public void Published_AfterAFetch_IsRaisedOnceWithTheTruePieces()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        rig.AddMirror();
        rig.EndSearch();
        var published = new List<(Content Content, PieceList? Pieces)>();
        rig.Fetcher.Published += (content, pieces) => published.Add((content, pieces));

        rig.Read();
        rig.Thread.Run(() => rig.Fetcher.StopAsync(Cancellation));

        var (_, pieces) = Assert.Single(published);
        Assert.Equal(rig.Pieces!.Digest, pieces!.Digest);
    }

    [Fact]
    public void Fetch_ThreePeers_TheMirrorIsNotAsked()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror();
        for (var i = 0; i < 3; i++)
        {
            rig.AddPeer();
        }

        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.Empty(mirror.Reads);
    }

    [Theory]
    [InlineData(400_000)]
    [InlineData(Length)]
    public void Fetch_OnePeer_BothHaveAPart(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length));
        var mirror = rig.AddMirror();
        var peer = rig.AddPeer();
        mirror.Otherwise = peer.Otherwise = ChannelAct.Slow(1_000_000);
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.InRange(mirror.BytesRead, 1, length - 1);
        Assert.InRange(peer.BytesRead, 1, length - 1);
        Assert.Equal(length, mirror.BytesRead + peer.BytesRead);
    }

    [Fact]
    public void Fetch_APeerThatHasOnlySomePieces_IsNotAskedForOthers()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        rig.AddMirror();
        var peer = new InMemoryChannel("unfinished", rig.Bytes, rig.Time) { Pieces = rig.Pieces, Held = range => range.End <= 524_288 };
        rig.Peers.Add(rig.Content.Hash, peer);
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.All(peer.Reads, range => Assert.Equal(0, range.Start));
    }
}
