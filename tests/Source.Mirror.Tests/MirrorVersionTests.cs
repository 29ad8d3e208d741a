using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

/// <summary>Going on after a cut, and only with the same file.</summary>
public sealed class MirrorVersionTests : IAsyncDisposable
{
    private const string Older = "Fri, 20 Nov 2026 02:27:59 GMT";
    private const string Newer = "Sat, 21 Nov 2026 02:27:59 GMT";

    private readonly MirrorFixture _fixture = new("127.21.3.1");

    [Fact]
    public async Task Read_RestAfterACut_OnlyTheRestIsSent()
    {
        _fixture.Server.Script(Answer.Cut(120_000));
        await using var channel = await _fixture.OpenAsync();
        var sink = new InMemorySink();

        var cut = await ReadAsync(channel, 0, sink);
        var rest = await ReadAsync(channel, sink.Bytes.Length, sink);

        Assert.Equal((ChannelOutcome.Cut, ChannelOutcome.Complete), (cut.Outcome, rest.Outcome));
        Assert.Equal(_fixture.Bytes, sink.Bytes);
        Assert.Equal(MirrorFixture.Length, _fixture.Server.BytesSent);
    }

    [Theory]
    [InlineData("\"1\"", Older, "\"1\"", Older, true)]
    [InlineData("\"1\"", Older, "\"2\"", Newer, false)]
    [InlineData("\"1\"", Older, "\"2\"", Older, true)] // machines behind one name disagree in the tag only
    [InlineData("\"1\"", "", "\"1\"", "", true)]
    [InlineData("\"1\"", "", "\"2\"", "", false)]
    [InlineData("", Older, "", Newer, false)]
    [InlineData("W/\"1\"", Older, "W/\"1\"", Newer, false)] // a weak tag says nothing of bytes
    [InlineData("W/\"1\"", "", "W/\"2\"", "", true)]
    [InlineData("", "", "", "", true)] // nothing to go by: the content's hash decides
    [InlineData("\"1\"", Older, "", "", true)]
    public async Task Read_RestOfWhat_CompleteOnlyIfItMayBeTheSame(string etag, string date, string laterETag, string laterDate, bool same)
    {
        (_fixture.Server.ETag, _fixture.Server.LastModified) = (etag, date);
        _fixture.Server.Script(Answer.Cut(120_000));
        await using var channel = await _fixture.OpenAsync();
        await ReadAsync(channel, 0, new InMemorySink());

        (_fixture.Server.ETag, _fixture.Server.LastModified) = (laterETag, laterDate);
        var sink = new InMemorySink();
        var rest = await ReadAsync(channel, 120_000, sink);

        Assert.Equal(same ? ChannelOutcome.Complete : ChannelOutcome.Gone, rest.Outcome);
        Assert.Equal(same ? MirrorFixture.Length - 120_000 : 0, sink.Bytes.Length);
    }

    [Fact]
    public async Task LastModified_OnceItHasAnswered_IsWhatItSaid()
    {
        _fixture.Server.LastModified = Older;
        await using var channel = await _fixture.OpenAsync();
        Assert.Null(channel.LastModified);

        await ReadAsync(channel, 0, new InMemorySink());

        Assert.Equal(DateTimeOffset.Parse(Older, System.Globalization.CultureInfo.InvariantCulture), channel.LastModified);
    }

    [Fact]
    public async Task Read_FileGrewMeanwhile_GoneAndNoByteOfIt()
    {
        _fixture.Server.Script(Answer.Cut(120_000));
        await using var channel = await _fixture.OpenAsync();
        await ReadAsync(channel, 0, new InMemorySink());

        _fixture.Server.Content = TestContent.Bytes(MirrorFixture.Length + 1, seed: 2);
        var sink = new InMemorySink();

        Assert.Equal(ChannelOutcome.Gone, (await ReadAsync(channel, 120_000, sink)).Outcome);
        Assert.Empty(sink.Bytes);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Task<ChannelResult> ReadAsync(IChannel channel, long start, IChannelSink sink) =>
        channel.ReadAsync(new ByteRange(start, MirrorFixture.Length), sink, MirrorFixture.Cancellation);
}
