using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Crowd;

/// <summary>Nodes that get the same content at the same moment, from a mirror whose line they share.</summary>
public sealed class CrowdTests : IDisposable
{
    private const int Length = 12 << 20; // 24 pieces of 512 KiB
    private const long MirrorSpeed = 5 << 19; // one copy takes 4.8 s

    private readonly VirtualTime _time = new();
    private byte[] _bytes = TestContent.Bytes(Length);
    private readonly List<CrowdNode> _nodes = [];
    private CrowdLine _mirror;
    private readonly SingleThread _thread;

    public CrowdTests()
    {
        _mirror = new CrowdLine(_time, MirrorSpeed);
        _thread = new SingleThread(_time);
    }

    [Theory]
    [InlineData(2, 1.25)]
    [InlineData(8, 1.25)]
    [InlineData(20, 1.5)]
    public void Fetch_AllAtOnce_TheMirrorGivesLittleMoreThanOneCopy(int nodes, double copies)
    {
        var reads = ReadAll(nodes);

        Assert.All(reads, read => Assert.Equal(_bytes, read.Bytes));
        Assert.InRange((double)_mirror.Bytes / Length, 1, copies);
        Assert.InRange(_time.Elapsed.TotalSeconds, 4, 4 * 4.8);
    }

    /// <summary>Too small to be announced, and to be looked for again: but neighbours are asked.</summary>
    [Theory]
    [InlineData(3 << 20, 0, 1.1)]
    [InlineData(3 << 20, 2, 1.1)]
    [InlineData(3 << 20, 300, 1.05)]
    [InlineData(700_000, 0, 1.1)]
    [InlineData(700_000, 2, 1.1)]
    [InlineData(400_000, 0, 1.1)]
    [InlineData(400_000, 2, 1.1)]
    [InlineData(400_000, 300, 1.1)]
    [InlineData(50_000, 2, 1.1)]
    public void Fetch_NeighboursGetAMiddlingFile_TheMirrorGivesLittleMoreThanOneCopy(int length, int apartMilliseconds, double copies)
    {
        _bytes = TestContent.Bytes(length);
        var alone = length / (double)MirrorSpeed;

        var reads = _thread.Run(async () =>
        {
            List<Task<(byte[] Bytes, Host.Fetching.FetchFailure? Failure)>> reading = [];
            for (var i = 0; i < 8; i++)
            {
                reading.Add(AddNode().Rig.ReadToEndAsync());
                await Task.Delay(TimeSpan.FromMilliseconds(apartMilliseconds), _time);
            }

            return await Task.WhenAll(reading);
        });

        Assert.All(reads, read => Assert.Equal(_bytes, read.Bytes));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(double)_mirror.Bytes / length:0.00} copies, {_time.Elapsed.TotalSeconds / alone:0.00} times");
        Assert.InRange((double)_mirror.Bytes / length, 1, copies);
    }

    /// <summary>They answer after the mirror was asked, or nearly: so all ask it, hear of each other, and one goes on.</summary>
    [Theory]
    [InlineData(3 << 20, 20, 5, 1.05)]
    [InlineData(3 << 20, 60, 30, 1.05)]
    [InlineData(3 << 20, 200, 5, 2)]
    [InlineData(700_000, 20, 5, 1.05)]
    [InlineData(700_000, 60, 30, 1.05)]
    [InlineData(700_000, 200, 5, 2)]
    [InlineData(400_000, 20, 5, 1.05)]
    [InlineData(400_000, 60, 30, 1.05)]
    [InlineData(400_000, 200, 5, 2)]
    public void Fetch_NeighboursAnswerLate_TheMirrorGivesLittleMoreThanOneCopy(
        int length, int milliseconds, int apart, double copies)
    {
        _bytes = TestContent.Bytes(length);
        for (var i = 0; i < 8; i++)
        {
            AddNode().AnswerTime = TimeSpan.FromMilliseconds(milliseconds);
        }

        var random = new Random(1);
        var reads = _thread.Run(() => Task.WhenAll(_nodes.Select(async node =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * apart), _time);
            return await node.Rig.ReadToEndAsync();
        })));

        Assert.All(reads, read => Assert.Equal(_bytes, read.Bytes));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(double)_mirror.Bytes / length:0.00} copies, {_nodes.Sum(node => node.Questions)} questions");
        Assert.InRange((double)_mirror.Bytes / length, 1, copies);
        Assert.InRange(_nodes.Sum(node => node.Questions), 0, 500); // there may be many such files at a time
    }

    /// <summary>So slow that nobody waits for the one who brings it until it is there.</summary>
    [Theory]
    [InlineData(400_000, 36_000)]
    [InlineData(1_300_000, 60_000)]
    public void Fetch_NeighboursGetAFileOverASlowLine_NobodyAsksAgainAndAgain(int length, long speed)
    {
        _bytes = TestContent.Bytes(length);
        _mirror = new CrowdLine(_time, speed);

        var reads = ReadAll(8);

        // What is broken off goes over this line all the same, so that some wait for longer than apt does.
        Assert.All(reads, read => Assert.True(read.Failure is not null || _bytes.AsSpan().SequenceEqual(read.Bytes)));
        Assert.Contains(reads, read => read.Failure is null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_mirror.Requests} requests");
        Assert.InRange(_mirror.Requests, 1, 100);
    }

    /// <summary>They lose the mirror all at once, and nobody has anything that others lack.</summary>
    [Fact]
    public void Fetch_NobodyGetsAnythingAnyMore_NobodyWaitsForTheOthersForEver()
    {
        _bytes = TestContent.Bytes(1_300_000);
        _mirror = new CrowdLine(_time, bytesPerSecond: 1_000);

        var reads = ReadAll(8);

        Assert.All(reads, read => Assert.NotNull(read.Failure));
    }

    [Fact]
    public void Fetch_OneComesLater_GetsWhatTheFirstHas()
    {
        var reads = _thread.Run(async () =>
        {
            var (first, second) = (AddNode(), AddNode());
            var reading = first.Rig.ReadToEndAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), _time);
            return await Task.WhenAll(reading, second.Rig.ReadToEndAsync());
        });

        Assert.All(reads, read => Assert.Equal(_bytes, read.Bytes));
        Assert.InRange((double)_mirror.Bytes / Length, 1, 1.3);
    }

    [Fact]
    public void Fetch_AHalfOfThemGivesNothing_TheOthersGetIt()
    {
        for (var i = 0; i < 8; i++)
        {
            AddNode().Hangs = i % 2 == 0;
        }

        Assert.All(ReadAll(0), read => Assert.Equal(_bytes, read.Bytes));
    }

    [Fact]
    public void Fetch_NobodySaysWhatItHasAtFirst_TheyShareTheWorkOnceTheyDo()
    {
        for (var i = 0; i < 8; i++)
        {
            AddNode().IsBusy = true;
        }

        var reads = _thread.Run(async () =>
        {
            var reading = Task.WhenAll(_nodes.Select(node => node.Rig.ReadToEndAsync()));
            await Task.Delay(TimeSpan.FromSeconds(1), _time);
            _nodes.ForEach(node => node.IsBusy = false);
            return await reading;
        });

        Assert.All(reads, read => Assert.Equal(_bytes, read.Bytes));
        Assert.InRange((double)_mirror.Bytes / Length, 1, 2); // they would have had eight
    }

    [Fact]
    public void Fetch_OneLies_NobodyStoresTheLieAndNobodyElseIsRefusedForPassingItOn()
    {
        for (var i = 0; i < 8; i++)
        {
            AddNode();
        }

        _nodes[0].Corrupt = bytes => bytes.Span[0] ^= 1;
        var first = ReadAll(0);
        var second = ReadAll(0); // as apt does that was given wrong bytes

        Assert.Contains(first, read => read.Failure is not null);
        Assert.All(first, read => Assert.True(read.Failure is null ? _bytes.SequenceEqual(read.Bytes) : read.Bytes.Length < Length));
        Assert.All(second, read => Assert.Equal(_bytes, read.Bytes));
        Assert.All(_nodes, node => Assert.Empty(node.Rig.Store.Refused)); // nobody tried to store anything else
        Assert.NotEqual(0, _nodes[0].Blamed);
        Assert.All(_nodes.Skip(1), node => Assert.Equal(0, node.Blamed));
        Assert.NotEqual(0, _nodes.Skip(1).Sum(node => node.Doubted)); // it was passed on
    }

    public void Dispose()
    {
        _thread.Run(() => Task.WhenAll(_nodes.Select(node => node.Rig.Fetcher.StopAsync(CancellationToken.None))));
        _nodes.ForEach(node => node.Dispose());
    }

    private (byte[] Bytes, Host.Fetching.FetchFailure? Failure)[] ReadAll(int more)
    {
        for (var i = 0; i < more; i++)
        {
            AddNode();
        }

        var reads = _thread.Run(() => Task.WhenAll(_nodes.Select(node => node.Rig.ReadToEndAsync())));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_nodes.Count} nodes: {(double)_mirror.Bytes / Length:0.00} copies, {_time.Elapsed.TotalSeconds:0.0} s, "
            + $"{_nodes.Sum(node => node.Questions)} questions");
        return reads;
    }

    private CrowdNode AddNode()
    {
        var node = new CrowdNode(_nodes.Count + 1, _bytes, _time, _mirror, _nodes);
        _nodes.Add(node);
        return node;
    }
}
