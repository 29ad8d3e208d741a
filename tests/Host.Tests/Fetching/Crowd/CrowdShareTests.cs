using System.Collections.Immutable;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Crowd;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Crowd;

/// <summary>Which piece a node of a crowd brings in next.</summary>
public sealed class CrowdShareTests
{
    private const int Pieces = 40;

    private readonly BlockMap _map = new(Pieces * (512L << 10));

    [Fact]
    public void Choose_AllKnowEachOther_TheFirstOfEachNodesPart()
    {
        var chosen = Nodes(8).Select(node => (Node: node, Crowd: Among(node, 8))).ToList();

        Assert.All(chosen, entry =>
            Assert.Equal(Enumerable.Range(0, Pieces).First(entry.Crowd.IsOurs), entry.Crowd.Choose(_map.Blocks)!.Index));
        Assert.Equal(8, chosen.Select(entry => entry.Crowd.Choose(_map.Blocks)!.Index).Distinct().Count());
    }

    [Fact]
    public void Choose_NodesThatHaveNotAllMet_WhatFallsToThemAmongAllAsWell()
    {
        // Each knows of one other so far. What it chooses then is right more often than the first that seems to be its own.
        var settled = Nodes(8).Count(node => Among(node, 8).IsOurs(Among(node, 2).Choose(_map.Blocks)!.Index));
        var meeting = Nodes(8).Count(node => Among(node, 8).IsOurs(Among(node, 2, isSettled: false).Choose(_map.Blocks)!.Index));

        Assert.Equal((1, 7), (settled, meeting));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void IsAnythingMissing_OnePieceOfTwo_UnlessAnotherNodeHasIt(bool has, bool expected)
    {
        var map = new BlockMap(2 * (512L << 10));
        map.Blocks[0].Position = map.Blocks[0].Range.End;
        var crowd = new CrowdShare(1, [new FetchProgress(2, [false, has], [false, false])]);

        Assert.Equal(expected, crowd.IsAnythingMissing(map));
    }

    [Theory]
    [InlineData(false, 2, true)] // neither has begun: one of them, and both agree which
    [InlineData(false, 1, false)]
    [InlineData(true, 2, false)] // it is on its way to the other
    public void IsOurs_OnePieceInSeveralBlocks_AllOfItOrNone(bool isOnItsWay, ulong node, bool expected)
    {
        var crowd = new CrowdShare(node, [new FetchProgress(3 - node, [false], [isOnItsWay])], isOnePiece: true);

        Assert.Equal([expected, expected, expected], [crowd.IsOurs(0), crowd.IsOurs(1), crowd.IsOurs(7)]);
    }

    private static IEnumerable<ulong> Nodes(int count) => Enumerable.Range(1, count).Select(node => (ulong)node);

    /// <summary>What a node sees that knows of so many, itself included; none of them has anything yet.</summary>
    private static CrowdShare Among(ulong node, int known, bool isSettled = true)
    {
        ImmutableArray<bool> none = [.. new bool[Pieces]];
        var others = Nodes(8).Where(other => other != node).Take(known - 1).Select(other => new FetchProgress(other, none, none));
        return new CrowdShare(node, [.. others], isSettled);
    }
}
