namespace AptP2P.EndToEnd;

/// <summary>Daemons that find each other through the DHT and give each other what they have.</summary>
public sealed class PeersTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>What a small file is, to the default policy: it is not looked up.</summary>
    private const long SmallFile = 64 * 1024;

    /// <summary>
    /// The policy's limits of time keep apt fast when look-ups or peers are slow. A busy machine makes anything slow, and which source is
    /// used must not depend on it here.
    /// </summary>
    private static readonly string[] Unhurried =
    [
        "--Policy:LookupBudget=10s", "--Policy:PeerStart=10s", "--Policy:CompareAfter=10s", "--Fetch:WaitForUntried=true",
        "--Policy:Stall=20s", "--Policy:MinimumRate=0", "--Fetch:Silence=20s",
        "--Source.Peers:ConnectTimeout=20s", "--Source.Peers:FirstByteTimeout=20s", "--Source.Peers:StallTimeout=20s",
    ];

    private IReadOnlyList<RepositoryPackage> Large => [.. Repository.Packages.Where(package => package.Length > SmallFile)];

    [Fact]
    public async Task Status_OneJoinsByTheOther_EachSaysHowNodesWereFound()
    {
        var first = await StartDaemonAsync("first");
        var second = await StartDaemonAsync("second", first);

        await first.HasNodesFoundByAsync("others");
        await second.HasNodesFoundByAsync("Bootstrap");
    }

    /// <summary>One peer is few, so the mirror may work as well; but what is near costs the line nothing.</summary>
    [Fact]
    public async Task Install_OnePeerNearbyHasIt_LeavesTheMirrorNextToNothing()
    {
        var (mirror, a, b) = await StartPairAsync(Unhurried);
        mirror.Forget();

        var apt = NewApt("b", b, mirror);
        await apt.InstallAllAsync(Repository, b);

        apt.AssertHas(Repository.Packages);
        var traffic = await b.TrafficAsync();
        var large = Large.Sum(package => package.Length);
        var largeFromMirror = Large.Sum(package => mirror.BytesSent(package.RequestPath));
        Assert.InRange(largeFromMirror, 0, large / 20);
        Assert.InRange(traffic.Peers, large - largeFromMirror, long.MaxValue); // what the mirror did not send, A did
        Assert.InRange(traffic.Mirror, 0, mirror.TotalBytesSent); // some that it sent may have been cancelled on the way
        Assert.InRange(traffic.Mirror + traffic.Peers, Repository.Packages.Sum(package => package.Length), long.MaxValue);
    }

    [Fact]
    public async Task Install_ThreePeersHaveIt_NothingLargeComesFromTheMirror()
    {
        var mirror = await StartMirrorAsync();
        var first = await StartDaemonAsync("first", Unhurried);
        var second = await StartDaemonAsync("second", first, Unhurried);
        var third = await StartDaemonAsync("third", first, Unhurried);
        foreach (var daemon in (Daemon[])[first, second, third])
        {
            await NewApt(daemon.EndPoint, daemon, mirror).InstallAllAsync(Repository, daemon);
        }

        mirror.Forget();
        var fourth = await StartDaemonAsync("fourth", first, Unhurried);
        await fourth.LearnsOfAsync(first, second, third);
        var apt = NewApt("fourth", fourth, mirror);
        await apt.InstallAllAsync(Repository, fourth);

        apt.AssertHas(Repository.Packages);
        Assert.All(Large, package => Assert.Equal(0, mirror.BytesSent(package.RequestPath)));
        var traffic = await fourth.TrafficAsync();
        Assert.True(traffic.Peers >= Large.Sum(package => package.Length), $"{traffic}");
    }

    [Fact]
    public async Task Install_MirrorStopped_ComesFromThePeer()
    {
        var (mirror, a, b) = await StartPairAsync();
        using var client = new HttpClient();
        var release = new Uri(Through(b, mirror), $"debian/dists/{SignedRepository.Suite}/InRelease");
        await client.GetStringAsync(release, TestContext.Current.CancellationToken); // all that B has seen of the archive

        await mirror.StopAsync();
        var apt = NewApt("b", b, mirror);
        await apt.InstallAllAsync(Repository, b);

        apt.AssertHas(Repository.Packages);
        using var answer = await client.GetAsync(release, TestContext.Current.CancellationToken);
        Assert.Equal("STALE", Assert.Single(answer.Headers.GetValues("X-Cache")));
        var traffic = await b.TrafficAsync();
        Assert.True(traffic.Peers >= Repository.Packages.Sum(package => package.Length), $"{traffic}");
    }

    [Fact]
    public async Task Install_PeerDiesBefore_ComesFromTheMirror()
    {
        var (mirror, a, b) = await StartPairAsync();

        await a.KillAsync();
        var apt = NewApt("b", b, mirror);
        await apt.InstallAllAsync(Repository, b);

        apt.AssertHas(Repository.Packages);
    }

    /// <summary>Starts two daemons, of which A has everything and B knows of it.</summary>
    private async Task<(Mirror Mirror, Daemon A, Daemon B)> StartPairAsync(params IEnumerable<string> options)
    {
        var mirror = await StartMirrorAsync();
        var a = await StartDaemonAsync("a", options);
        var b = await StartDaemonAsync("b", a, options);
        await NewApt("a", a, mirror).InstallAllAsync(Repository, a);
        await b.LearnsOfAsync(a);
        return (mirror, a, b);
    }
}
