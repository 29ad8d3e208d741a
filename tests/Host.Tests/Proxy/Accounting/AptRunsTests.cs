using System.Net;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Accounting;

public sealed class AptRunsTests : IDisposable
{
    private static readonly Origin Deb = new("http", "deb.test", 80, "/debian/pool/a.deb", OriginReach.Local);
    private static readonly Origin Index = Deb with { RawPath = "/debian/dists/bookworm/main/binary-amd64/Packages.xz" };

    private readonly VirtualTime _time = new();
    private readonly LogLines<AptRuns> _log = new();
    private readonly AptRuns _runs;

    public AptRunsTests() => _runs = new AptRuns(_time, _log);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Leave_ClientWithEveryKindOfAnswer_IsOneLineWhenItHasBeenGone()
    {
        using (var visit = Come("192.168.1.5"))
        {
            visit.Add(Answer(ServedFrom.Peers, 100_000_000, origin: 20_000_000, peers: 80_000_000), []);
            visit.Add(Answer(ServedFrom.Mirror, 10_000_000, origin: 10_000_000), []);
            visit.Add(Answer(ServedFrom.Hit, 9_960_000), []);
            _time.Advance(TimeSpan.FromSeconds(12));
            visit.Add(Answer(ServedFrom.Miss, 40_100), []);
            visit.Add(Answer(ServedFrom.Stale, 999), []);
        }

        _time.Advance(AptRuns.Quiet - TimeSpan.FromTicks(1));
        Assert.Empty(_log.Texts);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(
            "192.168.1.5: 5 files, 120 MB in 12 s: 80 MB from peers, 30 MB from the mirror, 10 MB from the store, "
                + "40 kB passed through, 999 B of old copies",
            Assert.Single(_log.Texts));
    }

    [Fact]
    public void Leave_ClientThatComesAgainAtOnce_IsOneRun()
    {
        for (var i = 0; i < 90; i++) // as debootstrap does
        {
            using var visit = Come("::ffff:192.168.1.5");
            visit.Add(Answer(ServedFrom.Hit, 1_000), []);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(AptRuns.Quiet);

        Assert.Equal("192.168.1.5: 90 files, 90 kB in 89 s: 90 kB from the store", Assert.Single(_log.Texts));
    }

    [Fact]
    public void Leave_OneOfTwoConnections_TheRunGoesOn()
    {
        using var stays = Come("127.0.0.1");
        using (var goes = Come("::1"))
        {
            goes.Add(Answer(ServedFrom.Hit, 1_000), []);
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_log.Texts);
        stays.Add(Answer(ServedFrom.Hit, 1_000), []);
        stays.Dispose();
        _time.Advance(AptRuns.Quiet);
        Assert.Equal("this machine: 2 files, 2.0 kB in 3600 s: 2.0 kB from the store", Assert.Single(_log.Texts));
    }

    [Fact]
    public void Leave_NothingWasGiven_IsNoLine()
    {
        Come("192.168.1.5").Dispose();
        _time.Advance(AptRuns.Quiet);

        Assert.Empty(_log.Texts);
    }

    [Fact]
    public void Leave_PartOfTheFileWasThereFromBefore_CountsAsTheStores()
    {
        using (var visit = Come("192.168.1.5"))
        {
            visit.Add(Answer(ServedFrom.Mirror, 1_000_000, origin: 400_000), []);
        }

        _time.Advance(AptRuns.Quiet);

        Assert.EndsWith(": 400 kB from the mirror, 600 kB from the store", Assert.Single(_log.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void Enter_MoreClientsThanAreSummedUp_AreServedAllTheSame()
    {
        var visits = Enumerable.Range(0, AptRuns.MaxClients + 10).Select(i => Come($"10.0.{i / 250}.{i % 250}")).ToArray();
        Assert.All(visits, visit => visit.Add(Answer(ServedFrom.Hit, 1), []));
        Assert.All(visits, visit => visit.Dispose());
        _time.Advance(AptRuns.Quiet);

        Assert.Equal(AptRuns.MaxClients, _log.All.Count);
        using var next = Come("10.9.9.9");
        next.Add(Answer(ServedFrom.Hit, 1), []);
        _runs.Dispose();
        Assert.StartsWith("10.9.9.9: ", _log.Texts[^1], StringComparison.Ordinal); // there is room again, and a stop says what is under way
    }

    [Fact]
    public void Recent_RunsOfEachKind_AreSummedUpTheNewestFirst()
    {
        using (var update = Come("127.0.0.1"))
        {
            update.Add(Answer(ServedFrom.Hit, 5) with { Origin = Index }, []);
            update.Add(Answer(ServedFrom.Stale, 6) with { Origin = Index }, []);
            update.Add(Answer(ServedFrom.Miss, 7) with { Origin = Index }, []);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        using (var upgrade = Come("192.168.1.5"))
        {
            upgrade.Add(Answer(ServedFrom.Peers, 100, origin: 20, peers: 80) with { Origin = Deb }, ["one", "two"]);
            _time.Advance(TimeSpan.FromSeconds(2));
            upgrade.Add(Answer(ServedFrom.Peers, 50, peers: 50) with { Origin = Deb }, ["two", "three"]);
        }

        using var both = Come("192.168.1.6");
        both.Add(Answer(ServedFrom.Mirror, 10, origin: 4) with { Origin = Index }, []);
        both.Add(Answer(ServedFrom.Mirror, 10, origin: 10) with { Origin = Deb }, []);
        using var nothing = Come("192.168.1.7");
        var began = DateTimeOffset.Parse("2026-01-01T00:00:10Z", provider: null);

        Assert.Equal(
            [
                new(3, began.AddSeconds(2), IPAddress.Parse("192.168.1.6"), "both", 2, 0, 6, 0, 14, 0, IsActive: true),
                new(2, began, IPAddress.Parse("192.168.1.5"), "packages", 2, 2, 0, 130, 20, 3, IsActive: true),
                new(1, began.AddSeconds(-10), IPAddress.Loopback, "update", 3, 0, 11, 0, 7, 0, IsActive: false),
            ],
            _runs.Recent);
    }

    [Fact]
    public void Recent_ManyRuns_TheLastAreShown()
    {
        for (var i = 0; i < AptRuns.Shown + 5; i++)
        {
            using (var visit = Come("127.0.0.1"))
            {
                visit.Add(Answer(ServedFrom.Hit, 1), []);
            }

            _time.Advance(AptRuns.Quiet);
        }

        Assert.Equal(Enumerable.Range(6, AptRuns.Shown).Reverse(), _runs.Recent.Select(run => (int)run.Number));
    }

    private Visit Come(string client)
    {
        var visit = new Visit(_runs, IPAddress.Parse(client));
        visit.Begin(Deb);
        visit.Begin(Deb);
        return visit;
    }

    private static ServedAnswer Answer(ServedFrom from, long bytes, long origin = 0, long peers = 0) =>
        new(DateTimeOffset.UnixEpoch, "a.deb", from, bytes, origin, peers);
}
