using System.Net;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Tests.Origins.Connecting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Archives;

/// <summary>What is known of where archives are, and of who may have them.</summary>
public sealed class PublicArchivesTests : IDisposable
{
    private const string Name = "mirror.test";

    private readonly CatalogUnderTest _catalog = new();
    private readonly Network _network = new();
    private readonly List<PublicArchives> _made = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _made.ForEach(sightings => sightings.Dispose());
        _catalog.Dispose();
    }

    [Theory]
    [InlineData("151.101.2.132", true)]
    [InlineData("151.101.2.132 2a04:4e42::644", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("fd00::5", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("151.101.2.132 192.168.1.5", false)] // who sees it from inside
    [InlineData("2a04:4e42::644 fd00::5", false)]
    public async Task IsPublic_AName_AllItsAddressesMustBe(string addresses, bool isPublic)
    {
        var sightings = Make();
        Assert.Null(sightings.IsPublic(Name));

        await ResolveAsync(addresses);

        Assert.Equal(isPublic, sightings.IsPublic(Name));
    }

    [Theory]
    [InlineData("151.101.2.132", true)]
    [InlineData("[2a04:4e42::644]", true)]
    [InlineData("192.168.1.5", false)]
    [InlineData("[::1]", false)]
    public void IsPublic_AnAddress_WithoutAnyQuestion(string host, bool isPublic)
    {
        Assert.Equal(isPublic, Make().IsPublic(host));
        Assert.Empty(_network.Asked);
    }

    [Fact]
    public async Task IsPublic_AfterARestartWithoutAResolver_AsItWasLast()
    {
        await KeepAsync(async () =>
        {
            await ResolveAsync("151.101.2.132");
            await ResolveAsync("10.0.0.5");
        });
        Assert.False(Make().IsPublic(Name));

        await KeepAsync(() => ResolveAsync("151.101.2.132"));
        _network.Fails(Name, System.Net.Sockets.SocketError.TryAgain);

        Assert.True(Make().IsPublic(Name));
    }

    [Fact]
    public async Task Changed_OnlyWhenAnArchiveBecomesAnother()
    {
        var sightings = Make();
        var changes = 0;
        sightings.Changed += () => changes++;

        await ResolveAsync("151.101.2.132");
        await ResolveAsync("151.101.2.133");
        Assert.Equal(1, changes);

        await ResolveAsync("10.0.0.5");
        Assert.Equal(2, changes);

        sightings.AskedWithPassword(CatalogUnderTest.Origin($"https://{Name}/corp/dists/x/InRelease"));
        sightings.AskedWithPassword(CatalogUnderTest.Origin($"https://{Name}/corp/dists/x/main/Packages"));
        Assert.Equal(3, changes);
    }

    [Theory]
    [InlineData("https://mirror.test/corp/dists/x/InRelease", "/corp/pool/a.deb", true)]
    [InlineData("https://mirror.test/corp/dists/x/InRelease", "/other/pool/a.deb", false)]
    [InlineData("https://mirror.test/corp/dists/x/InRelease", "/corporate/pool/a.deb", false)]
    [InlineData("https://mirror.test/corp/pool/a/a.deb", "/corp/dists/x/main/Packages", true)]
    [InlineData("https://mirror.test/flat/InRelease", "/flat/a.deb", true)]
    [InlineData("https://mirror.test:8443/flat/InRelease", "/flat/a.deb", true)]
    [InlineData("https://other.test/corp/dists/x/InRelease", "/corp/pool/a.deb", false)]
    public void NeedsPassword_BelowWhatWasAskedForWithOne(string asked, string path, bool needs)
    {
        var sightings = Make();

        sightings.AskedWithPassword(CatalogUnderTest.Origin(asked));

        Assert.Equal(needs, sightings.NeedsPassword(Name, path));
    }

    [Fact]
    public async Task NeedsPassword_OverARestart_UntilNobodyHasUsedOneForLong()
    {
        await KeepAsync(() =>
        {
            _made[^1].AskedWithPassword(CatalogUnderTest.Origin($"https://{Name}/corp/dists/x/InRelease"));
            return Task.CompletedTask;
        });
        var sightings = Make();
        Assert.True(sightings.NeedsPassword(Name, "/corp/a.deb"));

        _network.Time.Advance(TimeSpan.FromDays(31));

        Assert.False(sightings.NeedsPassword(Name, "/corp/a.deb"));
    }

    [Fact]
    public async Task Resolved_MoreNamesThanAreRemembered_TheOldestAreForgotten()
    {
        var sightings = Make();
        await ResolveAsync("151.101.2.132");
        for (var i = 0; i < PublicArchives.MaxSightings; i++)
        {
            _network.Time.Advance(TimeSpan.FromSeconds(1));
            await ResolveAsync("151.101.2.132", $"n{i}.test");
        }

        Assert.Null(sightings.IsPublic(Name));
        Assert.True(sightings.IsPublic($"n{PublicArchives.MaxSightings - 1}.test"));
    }

    [Fact]
    public async Task LookUp_AgainAndAgain_TheResolverIsAskedOnceInAWhile()
    {
        _network.Resolves(Name, "151.101.2.132");
        var known = new TaskCompletionSource();
        var sightings = Make();
        sightings.Changed += known.SetResult;
        await sightings.StartAsync(Cancellation);

        sightings.LookUp(Name);
        sightings.LookUp(Name);
        await known.Task.WaitAsync(Cancellation);
        await sightings.StopAsync(Cancellation);

        Assert.True(sightings.IsPublic(Name));
        Assert.Single(_network.Asked);
    }

    private PublicArchives Make()
    {
        _made.Add(
            new PublicArchives(_catalog.Database, _catalog.Writer, _network.Names, _network.Time, NullLogger<PublicArchives>.Instance));
        return _made[^1];
    }

    /// <summary>What a daemon sees before it is stopped.</summary>
    private async Task KeepAsync(Func<Task> see)
    {
        var sightings = Make();
        await see();
        await sightings.StartAsync(Cancellation);
        await sightings.StopAsync(Cancellation);
    }

    private async Task ResolveAsync(string addresses, string name = Name)
    {
        _network.Resolves(name, addresses.Split(' '));
        _network.Time.Advance(Host.Origins.Connecting.NameCache.Fresh);
        Assert.Equal(addresses.Split(' ').Select(IPAddress.Parse), await _network.Names.ResolveAsync(name, Cancellation));
    }
}
