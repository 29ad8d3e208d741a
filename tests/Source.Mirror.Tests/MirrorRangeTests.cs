using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

/// <summary>A mirror that is bad at ranges, and has the file all the same.</summary>
public sealed class MirrorRangeTests : IAsyncDisposable
{
    private static readonly ByteRange Middle = new(100_000, 200_000);

    private static readonly Dictionary<string, Answer> Refusals = new()
    {
        ["400"] = Answer.Error(400),
        ["403"] = Answer.Error(403),
        ["404"] = Answer.Error(404),
        ["405"] = Answer.Error(405),
        ["410"] = Answer.Error(410),
        ["416"] = Answer.Error(416),
        ["501"] = Answer.Error(501),
        ["behind the range's start"] = Answer.Right with { Earlier = -1000 },
        ["shorter than the range"] = Answer.Right.With("Content-Range", "bytes 100000-149999/300000"),
        ["no Content-Range"] = Answer.Right.With("Content-Range", ""),
    };

    private readonly MirrorFixture _fixture = new("127.21.5.1");

    public static TheoryData<string> Names => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_RangeRefused_TakenFromTheWholeFileFromThenOn(string refusal)
    {
        _fixture.Server.Otherwise = request => request["Range"] is null ? Answer.Right : Refusals[refusal];
        await using var channel = await _fixture.OpenAsync();
        var sink = new InMemorySink();

        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(Middle, sink, MirrorFixture.Cancellation));
        Assert.Equal(
            ChannelResult.Complete,
            await channel.ReadAsync(Middle with { Start = 200_000, End = MirrorFixture.Length }, sink, MirrorFixture.Cancellation));

        Assert.Equal(_fixture.Bytes[100_000..], sink.Bytes);
        Assert.Equal(["bytes=100000-199999", null, null], _fixture.Server.Requests.Select(request => request["Range"]));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Read_ServerInTrouble_AskedOnce(int status)
    {
        _fixture.Server.Otherwise = _ => Answer.Error(status);
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(ChannelOutcome.Busy, (await channel.ReadAsync(Middle, new InMemorySink(), MirrorFixture.Cancellation)).Outcome);
        Assert.Single(_fixture.Server.Requests);
    }

    [Fact]
    public async Task Read_WholeForARange_SinkMayHaveAllOfIt()
    {
        _fixture.Server.Otherwise = _ => Answer.Right with { IgnoreRange = true };
        await using var channel = await _fixture.OpenAsync();
        var sink = new InMemorySink { MayRestart = true };

        Assert.Equal(ChannelResult.Complete, await channel.ReadAsync(Middle, sink, MirrorFixture.Cancellation));

        Assert.True(sink.HasRestarted);
        Assert.Equal(_fixture.Bytes[..200_000], sink.Bytes);
        Assert.Single(_fixture.Server.Requests);
    }

    [Fact]
    public async Task Read_WholeOfAnotherVersion_TakenWhereNothingOfTheFirstIsLeft()
    {
        _fixture.Server.Script(Answer.Cut(100_000), Answer.Right with { IgnoreRange = true });
        await using var channel = await _fixture.OpenAsync();
        await channel.ReadAsync(new ByteRange(0, MirrorFixture.Length), new InMemorySink(), MirrorFixture.Cancellation);

        (_fixture.Server.ETag, _fixture.Server.LastModified) = ("\"two\"", "Sat, 21 Nov 2026 02:27:59 GMT");
        var sink = new InMemorySink { MayRestart = true };

        Assert.Equal(
            ChannelResult.Complete, await channel.ReadAsync(Middle with { End = MirrorFixture.Length }, sink, MirrorFixture.Cancellation));
        Assert.Equal(_fixture.Bytes, sink.Bytes);
    }

    [Theory]
    [InlineData(503, "", true)]
    [InlineData(503, "0", false)]
    [InlineData(404, "", true)]
    [InlineData(200, "cut", true)]
    public async Task Read_Error_SaysWhatTheClientWouldHaveHeard(int status, string body, bool hasBody)
    {
        var answer = status == 200 ? Answer.Cut(1000) : Answer.Error(status);
        _fixture.Server.Otherwise = _ => body == "0" ? answer with { Body = ReadOnlyMemory<byte>.Empty } : answer;
        await using var channel = await _fixture.OpenAsync();

        var result = await channel.ReadAsync(new ByteRange(0, MirrorFixture.Length), new InMemorySink(), MirrorFixture.Cancellation);

        Assert.Equal(new OriginAnswer(status, "Status", hasBody), result.Answer);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
