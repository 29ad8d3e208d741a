using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

/// <summary>What a mirror gets to see.</summary>
public sealed class MirrorRequestTests : IAsyncDisposable
{
    private static readonly ByteRange All = new(0, MirrorFixture.Length);

    private readonly MirrorFixture _fixture = new("127.21.2.1");

    [Theory]
    [InlineData("/pool/g/g++_1%2b2%7erc.deb")] // archives kept in S3 tell these apart
    [InlineData("/pool/g/g++_1+2~rc.deb")]
    [InlineData("/a/./b/../c%2Fd//e.deb?x=%41&y=+")]
    public async Task Read_AnyPath_ItsExactBytesGoOut(string path)
    {
        await using var channel = await _fixture.OpenAsync(_fixture.Server.Origin(path));

        await ReadAsync(channel, All);

        Assert.Equal(path, Assert.Single(_fixture.Server.Requests).Target);
    }

    [Fact]
    public async Task Read_Whole_NoRangeAndNothingThatChangesTheBytes()
    {
        await using var channel = await _fixture.OpenAsync();

        await ReadAsync(channel, All);

        var request = Assert.Single(_fixture.Server.Requests);
        Assert.Equal(["Host"], request.Headers.Keys);
        Assert.Equal(_fixture.Server.EndPoint.ToString(), request["Host"]);
    }

    [Fact]
    public async Task Read_Ranges_AskedForOnOneConnection()
    {
        await using var channel = await _fixture.OpenAsync();

        await ReadAsync(channel, new ByteRange(0, 10));
        await ReadAsync(channel, new ByteRange(10, MirrorFixture.Length));
        await using var other = await _fixture.OpenAsync(_fixture.Server.Origin("/pool/other.deb"));
        await ReadAsync(other, All);

        Assert.Equal(
            ["bytes=0-9", $"bytes=10-{MirrorFixture.Length - 1}", null], _fixture.Server.Requests.Select(request => request["Range"]));
        Assert.Equal(1, _fixture.Server.ConnectionCount);
    }

    [Fact]
    public async Task Read_MirrorOpensOnly_OnceForEachOrigin()
    {
        var content = new Content(
            ContentHash.Of(_fixture.Bytes),
            MirrorFixture.Length,
            [
                _fixture.Server.Origin("/first"),
                _fixture.Server.Origin("/second"),
                new Origin("ftp", "127.21.2.1", 21, "/third", OriginReach.Local),
            ]);

        var channels = await _fixture
            .Source.OpenAsync(content, SearchEffort.Known, MirrorFixture.Cancellation)
            .ToArrayAsync(MirrorFixture.Cancellation);

        Assert.Equal(2, channels.Length);
        Assert.Equal(
            [$"http://{_fixture.Server.EndPoint}/first", $"http://{_fixture.Server.EndPoint}/second"],
            channels.Select(channel => channel.Name)); // two channels, not one again
        Assert.Empty(_fixture.Server.Requests);
        await ReadAsync(channels[0], All);
        Assert.Equal("/first", Assert.Single(_fixture.Server.Requests).Target);
    }

    [Fact]
    public async Task Read_WholeFileForARangeTooFarIn_Protocol()
    {
        await using var fixture = new MirrorFixture("127.21.2.3", set: options => options.SkipLimit = new ByteSize(1000));
        fixture.Server.Otherwise = _ => Answer.Right with { IgnoreRange = true };
        await using var channel = await fixture.OpenAsync();

        Assert.Equal(ChannelOutcome.Complete, (await ReadAsync(channel, new ByteRange(1000, 2000))).Outcome);
        Assert.Equal(ChannelOutcome.Protocol, (await ReadAsync(channel, new ByteRange(1001, 2000))).Outcome);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Task<ChannelResult> ReadAsync(IChannel channel, ByteRange range) =>
        channel.ReadAsync(range, new InMemorySink(), MirrorFixture.Cancellation);
}
