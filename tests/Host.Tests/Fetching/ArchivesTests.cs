using AptP2P.Host.Fetching;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// Two archives name one hash. Each client gets what its own archive has, and the other's bytes only once they are proven.
/// </summary>
public sealed class ArchivesTests
{
    private const int Length = 2_000_000;

    private readonly byte[] _bytes = TestContent.Bytes(Length);
    private readonly VirtualTime _time = new();
    private readonly InMemoryChannel _good;
    private readonly InMemoryChannel _other;

    public ArchivesTests() => (_good, _other) = (new("good.test", _bytes, _time), new("other.test", _bytes, _time));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5_000, null)]
    [InlineData(null, 0L)]
    [InlineData(null, 1_500_000L)]
    public void Join_TheOtherArchiveDoesNotGetOn_TheClientGoesAloneInTime(int? rate, long? stall)
    {
        using var rig = NewRig();
        _other.Otherwise = new ChannelAct { BytesPerSecond = rate, StallAfter = stall };

        rig.Thread.Run(async () =>
        {
            await using var first = await rig.Fetcher.JoinAsync(Content("other.test"), Cancellation);
            // the request is passed through to its own archive
            await Assert.ThrowsAsync<IOException>(() => rig.Fetcher.JoinAsync(Content("good.test"), Cancellation));
        });

        Assert.InRange(_time.Elapsed, TimeSpan.Zero, stall > 0 ? new FetchOptions().OthersTime : TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Join_TheOtherArchiveGetsOn_OneFetchForBoth()
    {
        using var rig = NewRig();
        _other.Otherwise = ChannelAct.Slow(500_000);

        rig.Thread.Run(async () =>
        {
            var first = rig.ReadToEndAsync(Content("other.test"));
            Assert.Null(await rig.Fetcher.JoinAsync(Content("good.test"), Cancellation)); // it is in the store by now
            Assert.Equal(_bytes, (await first).Bytes);
        });

        Assert.Empty(_good.Reads);
        Assert.Equal(Length, _other.BytesRead);
        Assert.True(rig.IsStored);
    }

    [Theory]
    [InlineData(30_000)]
    [InlineData(400_000)]
    [InlineData(Length)]
    public void Join_TheOtherArchiveHasWrongBytes_NoneOfThemNorABrokenEnd(int length)
    {
        var bytes = TestContent.Bytes(length);
        var (good, other) = (
            new InMemoryChannel("good.test", bytes, _time),
            new InMemoryChannel("other.test", bytes, _time)
            {
                Otherwise = new() { WrongAt = 0, BytesPerSecond = 2_000_000 },
            });
        using var rig = new FetchRig(bytes, time: _time, sources: [new OriginsByName(good, other)]);

        var (ofOther, ofGood) = rig.Thread.Run(async () =>
        {
            var first = rig.ReadToEndAsync(rig.Content with { Origins = [Origin("other.test")] });
            return (await first, await rig.ReadToEndAsync(rig.Content with { Origins = [Origin("good.test")] }));
        });

        Assert.NotEqual(bytes, ofOther.Bytes);
        Assert.Null(ofGood.Failure);
        Assert.Equal(bytes, ofGood.Bytes);
    }

    [Fact]
    public void Join_WhileTheOtherArchivesWrongBytesCome_ItsClientAloneGetsThem()
    {
        using var rig = NewRig();
        _other.Otherwise = new ChannelAct { WrongAt = 0, BytesPerSecond = 2_000_000 };

        var ofGood = rig.Thread.Run(async () =>
        {
            var first = rig.ReadToEndAsync(Content("other.test"));
            var second = rig.ReadToEndAsync(Content("good.test"));
            Assert.NotEqual(_bytes, (await first).Bytes);
            return await second;
        });

        Assert.Null(ofGood.Failure);
        Assert.Equal(_bytes, ofGood.Bytes);
        Assert.Equal(Length, _good.BytesRead);
    }

    [Fact]
    public void Join_TheOtherArchiveFails_ItsAnswerIsNotOurs()
    {
        using var rig = NewRig();
        _other.Otherwise = new ChannelAct
        {
            EndAfter = 0,
            Outcome = ChannelOutcome.Gone,
            Answer = new OriginAnswer(404, null, true),
            BytesPerSecond = 1,
        };

        var ofGood = rig.Thread.Run(async () =>
        {
            var first = rig.ReadToEndAsync(Content("other.test"));
            var second = rig.ReadToEndAsync(Content("good.test"));
            Assert.NotNull((await first).Failure);
            return await second;
        });

        Assert.Equal(_bytes, ofGood.Bytes);
    }

    [Fact]
    public void Join_AnotherLength_IsAnotherContent()
    {
        using var rig = NewRig();
        _other.Otherwise = ChannelAct.Slow(1_000_000);

        rig.Thread.Run(async () =>
        {
            await using var first = await rig.Fetcher.JoinAsync(Content("other.test"), Cancellation);
            await Assert.ThrowsAsync<IOException>(() =>
                rig.Fetcher.JoinAsync(Content("other.test") with { Length = Length - 1 }, Cancellation));
        });
    }

    [Theory]
    [InlineData("http", "https", false)]
    [InlineData("https", "http", true)]
    public void Join_OneOverHttps_GetsNothingThatCameOverHttp(string fetched, string wanted, bool isShared)
    {
        using var rig = NewRig();
        _other.Otherwise = ChannelAct.Stall(1_000);
        static Content Over(Content content, string scheme) =>
            content with
            {
                Origins = [.. content.Origins.Select(origin => origin with { Scheme = scheme, Port = AptP2P.Origin.DefaultPort(scheme) })],
            };

        rig.Thread.Run(async () =>
        {
            await using var first = await rig.Fetcher.JoinAsync(Over(Content("other.test"), fetched), Cancellation);
            var joining = rig.Fetcher.JoinAsync(Over(Content("other.test"), wanted), Cancellation);
            await using var second = isShared ? await joining : null;
            Assert.True(isShared ? second is not null : await Assert.ThrowsAsync<IOException>(() => joining) is not null);
        });
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, 100_000L, false)]
    [InlineData(5_000, null, true)]
    public void Fetch_AnotherArchiveIsSaidToHaveIt_HelpsOnlyWhereNothingComes(int? rate, long? stall, bool isAlone)
    {
        using var rig = NewRig();
        _good.Otherwise = new ChannelAct { BytesPerSecond = rate, StallAfter = stall };

        var (bytes, failure) = rig.Thread.Run(() => rig.ReadToEndAsync(Content("good.test", "other.test")));

        Assert.Null(failure);
        Assert.Equal(_bytes, bytes);
        Assert.Equal(isAlone, _other.Reads.Count == 0);
    }

    private FetchRig NewRig() => new(_bytes, time: _time, sources: [new OriginsByName(_good, _other)]);

    private Content Content(params string[] hosts) => new(ContentHash.Of(_bytes), Length, [.. hosts.Select(Origin)]);

    private static Origin Origin(string host) => new("http", host, 80, $"/{host}/x.deb", OriginReach.Local);
}
