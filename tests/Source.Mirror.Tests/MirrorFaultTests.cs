using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

/// <summary>Everything that a mirror can do wrong, and what the channel says of it.</summary>
public sealed class MirrorFaultTests : IAsyncDisposable
{
    private const int Length = MirrorFixture.Length;

    private static readonly ByteRange Middle = new(100_000, 200_000);

    // What the mirror does; the range asked for; how the read ends; how many right bytes the sink has got by then (-1: any number, but
    // right).
    private static readonly Dictionary<string, (Answer Answer, ByteRange Range, ChannelOutcome Outcome, int Bytes)> Cases = new()
    {
        ["right"] = (Answer.Right, new(0, Length), ChannelOutcome.Complete, Length),
        ["right, range"] = (Answer.Right, Middle, ChannelOutcome.Complete, 100_000),
        ["ends at once"] = (Answer.CloseAtOnce, new(0, Length), ChannelOutcome.Cut, 0),
        ["ends after the headers"] = (Answer.Cut(0), new(0, Length), ChannelOutcome.Cut, 0),
        ["ends mid-body"] = (Answer.Cut(70_000), new(0, Length), ChannelOutcome.Cut, 70_000),
        ["ends mid-range"] = (Answer.Cut(70_000), Middle, ChannelOutcome.Cut, 70_000),
        ["reset mid-body"] = (Answer.Cut(70_000, reset: true), new(0, Length), ChannelOutcome.Cut, -1),
        ["whole file for a range"] = (Answer.Right with { IgnoreRange = true }, Middle, ChannelOutcome.Complete, 100_000),
        ["whole file for a range, cut while skipping"] = (Answer.Cut(90_000) with { IgnoreRange = true }, Middle, ChannelOutcome.Cut, 0),
        // from the whole file, as in what follows
        ["another range"] = (Answer.Right with { RangeError = 1 }, Middle, ChannelOutcome.Complete, 100_000),
        ["no Content-Range"] = (Answer.Right.With("Content-Range", ""), Middle, ChannelOutcome.Complete, 100_000),
        ["Content-Range of another unit"] = (Answer.Right.With("Content-Range", "lines 1-2/3"), Middle, ChannelOutcome.Complete, 100_000),
        ["another total"] = (Answer.Right.With("Content-Range", "bytes 100000-199999/300001"), Middle, ChannelOutcome.Complete, 100_000),
        ["unknown total"] = (Answer.Right.With("Content-Range", "bytes 100000-199999/*"), Middle, ChannelOutcome.Complete, 100_000),
        ["more than the range"] = (
            Answer.Right.With("Content-Range", "bytes 100000-200000/300000"), Middle, ChannelOutcome.Complete, 100_000),
        ["less than the range"] = (
            Answer.Right.With("Content-Range", "bytes 100000-149999/300000").With("Content-Length", "50000"), Middle, ChannelOutcome.Gone,
            0),
        ["begins before the range"] = (Answer.Right with { Earlier = 1000 }, Middle, ChannelOutcome.Complete, 100_000),
        ["begins behind the range's start"] = (Answer.Right with { Earlier = -1000 }, Middle, ChannelOutcome.Complete, 100_000),
        ["length does not fit the range"] = (Answer.Right with { LengthError = 1 }, Middle, ChannelOutcome.Gone, 0),
        ["file is longer"] = (Answer.Right with { LengthError = 1 }, new(0, Length), ChannelOutcome.Gone, 0),
        ["file is shorter"] = (Answer.Right with { LengthError = -1 }, new(0, Length), ChannelOutcome.Gone, 0),
        ["sends too much"] = (Answer.Right with { Surplus = 5000 }, new(0, Length), ChannelOutcome.Complete, Length),
        ["no length, ends early"] = (Answer.Cut(70_000).With("Content-Length", ""), new(0, Length), ChannelOutcome.Cut, 70_000),
        ["chunked, ends early"] =
            (Answer.Verbatim("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), new(0, Length), ChannelOutcome.Protocol, 0),
        ["chunked, broken"] =
            (Answer.Verbatim("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), new(0, Length), ChannelOutcome.Protocol, 0),
        ["404"] = (Answer.Error(404), new(0, Length), ChannelOutcome.Gone, 0),
        ["410"] = (Answer.Error(410), new(0, Length), ChannelOutcome.Gone, 0),
        ["416"] = (Answer.Error(416), Middle, ChannelOutcome.Gone, 0),
        ["403"] = (Answer.Error(403), new(0, Length), ChannelOutcome.Refused, 0),
        ["401"] = (Answer.Error(401), new(0, Length), ChannelOutcome.Refused, 0),
        ["400"] = (Answer.Error(400), new(0, Length), ChannelOutcome.Protocol, 0),
        ["429"] = (Answer.Error(429), new(0, Length), ChannelOutcome.Busy, 0),
        ["500"] = (Answer.Error(500), new(0, Length), ChannelOutcome.Busy, 0),
        ["304"] = (Answer.Error(304), new(0, Length), ChannelOutcome.Protocol, 0),
        ["204"] = (Answer.Error(204), new(0, Length), ChannelOutcome.Protocol, 0),
        ["not HTTP"] = (Answer.Verbatim("220 mail.example ESMTP\r\n"), new(0, Length), ChannelOutcome.Protocol, 0),
        ["headers for ever"] = (
            Answer.Verbatim("HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000)), new(0, Length), ChannelOutcome.Protocol, 0),
        ["compressed by the server's belief"] = (
            Answer.Right.With("Content-Encoding", "x-gzip"), new(0, Length), ChannelOutcome.Complete, Length),
    };

    private readonly MirrorFixture _fixture = new("127.21.0.2");

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_MirrorDoes_EndsAs(string what)
    {
        var (answer, range, outcome, bytes) = Cases[what];
        _fixture.Server.Otherwise = _ => answer;
        await using var channel = await _fixture.OpenAsync();
        var sink = new InMemorySink();

        var result = await channel.ReadAsync(range, sink, MirrorFixture.Cancellation);

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == ChannelOutcome.Complete, result.Reason is null);
        var got = sink.Bytes;
        Assert.Equal(bytes < 0 ? got.Length : bytes, got.Length);
        Assert.True(_fixture.Bytes.AsSpan((int)range.Start, got.Length).SequenceEqual(got));
    }

    [Fact]
    public async Task Read_Busy_SaysWhenToComeBack()
    {
        _fixture.Server.Script(
            Answer.Busy(TimeSpan.FromSeconds(7)), Answer.Error(503).With("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT"),
            Answer.Error(503));
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(TimeSpan.FromSeconds(7), (await ReadAsync(channel)).RetryAfter);
        // by the clock, which stands at the year's first second
        Assert.Equal(TimeSpan.FromMinutes(1), (await ReadAsync(channel)).RetryAfter);
        Assert.Null((await ReadAsync(channel)).RetryAfter);
    }

    [Fact]
    public async Task Read_AnyFailure_NextReadIsRight()
    {
        foreach (var (what, @case) in Cases.Where(@case => @case.Value.Outcome != ChannelOutcome.Complete))
        {
            _fixture.Server.Otherwise = _ => @case.Answer;
            await using var channel = await _fixture.OpenAsync();

            var failed = await channel.ReadAsync(@case.Range, new InMemorySink(), MirrorFixture.Cancellation);
            _fixture.Server.Otherwise = _ => Answer.Right;
            var next = await ReadAsync(channel);

            Assert.True(
                failed.Outcome != ChannelOutcome.Complete && next.Outcome == ChannelOutcome.Complete, $"{what}: {failed}, then {next}");
        }
    }

    [Fact]
    public async Task Read_NobodyListens_Refused()
    {
        await using var channel = await _fixture.OpenAsync(_fixture.Server.Origin("/x") with { Host = "127.21.0.99" });

        Assert.Equal(ChannelOutcome.Refused, (await ReadAsync(channel)).Outcome);
    }

    [Fact]
    public async Task Read_OriginNotAllowed_RefusedInTheConnectorsWords()
    {
        _fixture.Connector.Refused.Add("127.21.0.2");
        await using var channel = await _fixture.OpenAsync();

        var result = await ReadAsync(channel);

        Assert.Equal((ChannelOutcome.Refused, "127.21.0.2 is refused by the test."), (result.Outcome, result.Reason));
        Assert.Empty(_fixture.Server.Requests);
    }

    [Fact]
    public async Task Read_SinkFails_ItsExceptionComesThrough()
    {
        await using var channel = await _fixture.OpenAsync();

        await Assert.ThrowsAsync<InvalidDataException>(() => channel.ReadAsync(Middle, new FailingSink(), MirrorFixture.Cancellation));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Task<ChannelResult> ReadAsync(IChannel channel) =>
        channel.ReadAsync(new ByteRange(0, Length), new InMemorySink(), MirrorFixture.Cancellation);

    private sealed class FailingSink : IChannelSink
    {
        private readonly byte[] _memory = new byte[100];

        public Memory<byte> GetMemory() => _memory;

        public ValueTask<bool> AdvanceAsync(int count, CancellationToken cancellationToken) => throw new InvalidDataException("disk full");
    }
}
