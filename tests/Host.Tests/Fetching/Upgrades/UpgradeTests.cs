using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Upgrades;

/// <summary>What an upgrade takes of the line and of the user's time, by who is around. Megabytes per second and milliseconds.</summary>
public sealed class UpgradeTests
{
    private const double MB = 1e6;
    private const int MirrorDistance = 20;
    private const double Twentieth = 1.05;

    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData(2, 20)]
    [InlineData(2, 1)]
    [InlineData(20, 20)]
    [InlineData(20, 1)]
    [InlineData(30, 20)]
    [InlineData(30, 1)]
    [InlineData(30, 100)]
    public void Get_ANeighbourHasALargeFile_TheMirrorGivesNextToNothing(int megabytes, double mirror)
    {
        int[] sizes = [(int)(megabytes * MB)];
        using var upgrade = new Upgrade(_time, Mirror(mirror), Neighbour(110));

        var took = upgrade.Get(sizes);

        Assert.InRange(upgrade.FromMirror, 0, 0.02 * sizes[0]);
        Assert.InRange(took / Alone(mirror, sizes), 0, 1);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1)]
    public void Get_ANeighbourHasFilesOfAllSizes_TheMirrorGivesNextToNothing(double mirror)
    {
        var sizes = Sizes(100);
        using var upgrade = new Upgrade(_time, Mirror(mirror), Neighbour(110));

        var took = upgrade.Get(sizes);

        Assert.InRange(upgrade.FromMirror, 0, 0.01 * sizes.Sum());
        Assert.InRange(took / Alone(mirror, sizes), 0, 0.5);
    }

    /// <summary>Few lines are so fast, and nobody waits long for a neighbour that is not much slower.</summary>
    [Fact]
    public void Get_ANeighbourIsFastAndTheMirrorFaster_TheMirrorGivesNextToNothing()
    {
        var sizes = Sizes(100);
        using var upgrade = new Upgrade(_time, Mirror(100), Neighbour(30));

        upgrade.Get(sizes);

        Assert.InRange(upgrade.FromMirror, 0, 0.01 * sizes.Sum());
    }

    [Fact]
    public void Get_ANeighbourIsFoundByALookUpAlone_TheMirrorGivesLittle()
    {
        int[] sizes = [.. Enumerable.Repeat(20_000, 20), .. Enumerable.Repeat(1_000_000, 8), 30_000_000];
        using var upgrade = new Upgrade(_time, Mirror(20), Neighbour(110, isKnown: false))
        {
            LookUp = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)),
        };

        Assert.InRange(upgrade.Get(sizes) / Alone(20, sizes), 0, 0.33);
        Assert.InRange(upgrade.FromMirror, 0, 0.2 * sizes.Sum());
    }

    [Theory]
    [InlineData(1, 2, Twentieth)]
    [InlineData(4, 2, Twentieth)]
    [InlineData(4, 0.005, Twentieth)] // as good as silent: half a second, once
    public void Get_NeighboursAreSlowAndFilesAreAskedForInTurn_LittleIsLost(int count, double speed, double most)
    {
        int[] sizes = [.. Enumerable.Repeat(20_000, 20), .. Enumerable.Repeat(1_000_000, 8), 30_000_000];
        PacedHost[] peers =
        [
            .. Enumerable.Range(1, count).Select(i =>
                new PacedHost(_time, $"peer{i}", speed * MB, roundTripMilliseconds: 0.2) { Distance = ChannelDistance.SameHost }),
        ];
        using var upgrade = new Upgrade(_time, Mirror(20), peers)
        {
            Ahead = 1,
            LookUp = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)),
        };

        var took = sizes.Sum(size => upgrade.Get([size]).TotalSeconds) / sizes.Sum(size => Alone(20, [size]).TotalSeconds);
        Assert.InRange(took, 0, most);
    }

    [Fact]
    public void Get_ANeighbourHasHalfOfTheFiles_TheMirrorGivesTheOtherHalf()
    {
        var sizes = Sizes(100);
        var missing = sizes.Where((_, i) => i % 2 == 1).Sum();
        using var upgrade = new Upgrade(_time, Mirror(20), Neighbour(110, has: file => file % 2 == 0));

        var took = upgrade.Get(sizes);

        Assert.InRange(upgrade.FromMirror, missing, 1.02 * missing);
        Assert.InRange(took / Alone(20, sizes), 0, 0.8);
    }

    [Theory]
    [InlineData(20, 10, 1)]
    [InlineData(30, 10, 1)]
    [InlineData(30, 10, 5)]
    public void Get_ANeighbourIsSlow_TheMirrorDoesMostAndNobodyWaits(int megabytes, double mirror, double neighbour)
    {
        int[] sizes = [(int)(megabytes * MB)];
        using var upgrade = new Upgrade(_time, Mirror(mirror), Neighbour(neighbour));

        var first = upgrade.Get(sizes);
        var second = upgrade.Get(sizes);

        Assert.InRange(first / Alone(mirror, sizes), 0, Twentieth);
        Assert.InRange(second / Alone(mirror, sizes), 0, 1);
    }

    [Fact]
    public void Get_ANeighbourIsSlow_FilesOfAllSizesAreNotLater()
    {
        var sizes = Sizes(60);
        using var upgrade = new Upgrade(_time, Mirror(10), Neighbour(1));

        Assert.InRange(upgrade.Get(sizes) / Alone(10, sizes), 0, Twentieth);
    }

    [Theory]
    [InlineData(20, 1, 2)]
    [InlineData(20, 2, 2)]
    [InlineData(20, 4, 2)]
    [InlineData(20, 1, 0.2)]
    [InlineData(1, 4, 0.2)]
    public void Get_PeersAreSlowerThanTheMirror_ATwentiethIsLostAtMost(double mirror, int peers, double speed)
    {
        var sizes = Sizes(60);
        using var upgrade = new Upgrade(_time, Mirror(mirror), Peers(peers, speed));

        Assert.InRange(upgrade.Get(sizes) / Alone(mirror, sizes), 0, Twentieth);
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(20, 4)]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    public void Get_PeersCannotBeReached_ATwentiethIsLostAtMost(double mirror, int peers)
    {
        var sizes = Sizes(60);
        using var upgrade = new Upgrade(_time, Mirror(mirror), Peers(peers, 1, isUnreachable: true));

        Assert.InRange(upgrade.Get(sizes) / Alone(mirror, sizes), 0, Twentieth);
    }

    [Fact]
    public void Get_PeersAreFasterThanTheMirror_TheyGiveMostOfIt()
    {
        var sizes = Sizes(60);
        using var upgrade = new Upgrade(_time, Mirror(20), Peers(4, 20));

        Assert.InRange(upgrade.Get(sizes) / Alone(20, sizes), 0, 0.9);
        Assert.InRange(upgrade.FromMirror, 0, 0.15 * sizes.Sum());
    }

    private static TimeSpan Alone(double mirror, int[] sizes) => Upgrade.Alone(mirror * MB, MirrorDistance, sizes);

    /// <summary>From 10 kB to 3 MB, as many of each order of magnitude.</summary>
    private static int[] Sizes(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(10_000 * Math.Pow(300, random.NextDouble())))];
    }

    private PacedHost Mirror(double speed) => new(_time, "mirror.test", speed * MB, MirrorDistance);

    private PacedHost Neighbour(double speed, Func<int, bool>? has = null, bool isKnown = true) =>
        new(_time, "neighbour", speed * MB, roundTripMilliseconds: 1)
        {
            IsKnown = isKnown,
            Distance = ChannelDistance.SameNetwork,
            Has = has ?? (_ => true),
        };

    private PacedHost[] Peers(int count, double speed, bool isUnreachable = false) =>
        [
            .. Enumerable.Range(1, count).Select(i =>
                new PacedHost(_time, $"peer{i}", speed * MB, roundTripMilliseconds: 30) { IsUnreachable = isUnreachable }),
        ];
}
