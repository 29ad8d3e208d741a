using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="ISource"/> and its channels must do. Derive from it in the plugin's tests.</summary>
public abstract class SourceConformance
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ISource Source { get; }

    /// <summary>Makes bytes available to the source, at one place or several.</summary>
    protected abstract ValueTask<Content> ServeAsync(byte[] bytes);

    /// <summary>A content that the source does not have. It may know that, or open channels to places that lack it.</summary>
    protected abstract ValueTask<Content> MissAsync();

    [Fact]
    public void Name_Always_IsOneLowerCaseWord() => Assert.Matches("^[a-z][a-z0-9-]*$", Source.Name);

    [Fact]
    public async Task Open_Served_GivesChannelsWithNamesAndEnds()
    {
        var channels = await OpenAsync(await ServeAsync(Bytes));

        Assert.NotEmpty(channels);
        Assert.All(channels, channel => Assert.NotEmpty(channel.Name));
        Assert.Distinct(channels.Select(channel => channel.Name));
    }

    [Fact]
    public async Task Read_Whole_AllBytes()
    {
        foreach (var opened in await OpenAsync(await ServeAsync(Bytes)))
        {
            await using var channel = opened;
            await AssertReadsAsync(channel, new ByteRange(0, Bytes.Length));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 524_288)]
    [InlineData(524_288, 1_048_576)]
    [InlineData(1_048_576, 1_200_000)]
    [InlineData(1_199_999, 1_200_000)]
    public async Task Read_Range_ThoseBytes(long start, long end)
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));

        await AssertReadsAsync(channel, new ByteRange(start, end));
    }

    [Fact]
    public async Task Read_OneRangeAfterAnother_OneChannel()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));

        foreach (var range in new ByteRange[] { new(500_000, 600_000), new(0, 500_000), new(600_000, 1_200_000) })
        {
            await AssertReadsAsync(channel, range);
        }
    }

    [Fact]
    public async Task Read_EmptyRange_CompleteWithoutBytes()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));

        await AssertReadsAsync(channel, new ByteRange(7, 7));
    }

    [Fact]
    public async Task Read_TinyMemory_AllBytes()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));
        var sink = new InMemorySink(portion: 7);

        var result = await channel.ReadAsync(new ByteRange(100, 1100), sink, Cancellation);

        Assert.Equal(ChannelOutcome.Complete, result.Outcome);
        Assert.Equal(Bytes[100..1100], sink.Bytes);
    }

    [Fact]
    public async Task Read_SinkHasEnough_CompleteAndTheNextReadIsRight()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));
        var sink = new InMemorySink(limit: 1000, portion: 1000);

        var result = await channel.ReadAsync(new ByteRange(0, Bytes.Length), sink, Cancellation);

        Assert.Equal(ChannelOutcome.Complete, result.Outcome);
        Assert.Equal(Bytes[..sink.Bytes.Length], sink.Bytes);
        Assert.InRange(sink.Bytes.Length, 1000, 1999);
        await AssertReadsAsync(channel, new ByteRange(5000, 9000));
    }

    [Fact]
    public async Task Read_Cancelled_EndsAndTheNextReadIsRight()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var sink = new InMemorySink();
        try
        {
            await channel.ReadAsync(new ByteRange(0, Bytes.Length), sink, cancelled.Token);
        }
        catch (OperationCanceledException)
        {
        }

        Assert.True(sink.Bytes.Length < Bytes.Length, "it has read all, though it was told to stop");
        await AssertReadsAsync(channel, new ByteRange(0, Bytes.Length));
    }

    [Fact]
    public async Task Read_NotThere_GoneFromEachPlaceThatWasOpened()
    {
        var content = await MissAsync();
        foreach (var opened in await OpenAsync(content)) // none, where the source knows that it lacks it
        {
            await using var channel = opened;
            var sink = new InMemorySink();

            var result = await channel.ReadAsync(new ByteRange(0, content.Length), sink, Cancellation);

            Assert.Equal(ChannelOutcome.Gone, result.Outcome);
            Assert.NotNull(result.Reason);
            Assert.Empty(sink.Bytes);
        }
    }

    [Fact]
    public async Task Read_SearchIsOver_ChannelLivesOn()
    {
        var content = await ServeAsync(Bytes);
        using var search = new CancellationTokenSource();
        await using var channel = await Source.OpenAsync(content, SearchEffort.Search, search.Token).FirstAsync(search.Token);

        await search.CancelAsync();

        await AssertReadsAsync(channel, new ByteRange(0, Bytes.Length));
    }

    [Fact]
    public async Task GetPieceList_Asked_NoneOrOneOfThisLength()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));

        var pieces = await channel.GetPieceListAsync(Cancellation);

        Assert.True(pieces is null || pieces.Length == Bytes.Length);
    }

    [Fact]
    public async Task MayHave_AllIsThere_TrueBeforeAndAfterARead()
    {
        await using var channel = await OpenOneAsync(await ServeAsync(Bytes));
        var all = new ByteRange(0, Bytes.Length);

        Assert.True(channel.MayHave(all));
        await AssertReadsAsync(channel, new ByteRange(0, 100));
        Assert.True(channel.MayHave(all));
    }

    [Fact]
    public async Task BlameAndDoubt_AlsoAfterDispose_DoNotThrow()
    {
        var channel = await OpenOneAsync(await ServeAsync(Bytes));
        await channel.DisposeAsync();

        Assert.Null(Record.Exception(() => channel.Blame("for the test")));
        Assert.Null(Record.Exception(() => channel.Doubt("for the test")));
    }

    private static async Task AssertReadsAsync(IChannel channel, ByteRange range)
    {
        var sink = new InMemorySink();
        var result = await channel.ReadAsync(range, sink, Cancellation);
        Assert.Equal((ChannelOutcome.Complete, null), (result.Outcome, result.Reason)); // an origin may say what it answered
        Assert.True(Bytes.AsSpan((int)range.Start, (int)range.Length).SequenceEqual(sink.Bytes), $"{range} has other bytes");
    }

    private async Task<IChannel[]> OpenAsync(Content content) =>
        await Source.OpenAsync(content, SearchEffort.Search, Cancellation).ToArrayAsync(Cancellation);

    private async Task<IChannel> OpenOneAsync(Content content) => (await OpenAsync(content))[0];
}
