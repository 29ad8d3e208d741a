using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Sharing;
using AptP2P.Host.Tests.Catalog;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>The archives on the status page.</summary>
public sealed class ArchivesStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private static readonly byte[] Package = [1, 2, 3];

    private readonly SharingRig _rig = new();
    private ArchivesStatus _section = null!;

    protected override IStatusSection Section => _section;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _rig.LearnAsync();
        _section = Make(new SharingOptions());
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Read_SomeArchives_EachWithWhetherItIsSharedAndWhyNot()
    {
        await _rig.KnowAsync();
        Assert.True(
            ArchivePath.TryParse(CatalogUnderTest.Origin("http://ftp.us.debian.org/debian/dists/dated/InRelease"), out var dated, out _));
        await _rig.Catalog.Learning.LearnReleaseAsync(dated, CatalogUnderTest.Dated(5), ReleaseTrust.Good, settles: false, Cancellation);
        await _rig.LearnAsync("http://ftp.us.debian.org/flat/", ReleaseTrust.Bad, ("a.deb", Package));
        await _rig.LearnAsync("http://new.example/dists/x/updates/", ReleaseTrust.Unknown, ("a.deb", Package));

        Assert.Equal(
            [
                ["ftp.us.debian.org/debian", "dated", _rig.Catalog.Time.GetUtcNow().AddMinutes(5), true, true, null],
                ["ftp.us.debian.org/debian", "stable", null, null, true, null],
                ["ftp.us.debian.org/flat", "/", null, false, false, "it is not signed as apt wants it"],
                ["new.example", "x/updates", null, null, false, "nothing was fetched from it since the daemon knows it"],
                ["secret.example:81", "stable", null, null, false, "its address is of a private network"],
            ],
            await RowsAsync());
    }

    [Fact]
    public async Task Read_SharingIsOff_SaysSo()
    {
        _section = Make(new SharingOptions { Reach = PeerReach.Off });

        Assert.All(await RowsAsync(), row => Assert.Equal("nothing is shared ([Sharing] Reach)", row[5]));
    }

    [Fact]
    public async Task Read_ATokenInThePath_IsNotShown()
    {
        const string token = "0123456789abcdef0123456789abcdef";
        await _rig.LearnAsync($"http://packages.example/priv/{token}/debian/dists/x/", ReleaseTrust.Unknown, ("a.deb", Package));

        var row = (await RowsAsync()).Single(row => ((string)row[0]!).StartsWith("packages.example", StringComparison.Ordinal));

        Assert.DoesNotContain(token, string.Join(' ', row), StringComparison.Ordinal);
        Assert.Equal("it is for those with a token or contract", row[5]);
    }

    [Fact]
    public async Task Read_SameSuiteFromAptsLists_IsOneRow()
    {
        Assert.True(
            ArchivePath.TryParse(CatalogUnderTest.Origin("http://ftp.us.debian.org/debian/dists/stable/InRelease"), out var path, out _));
        await _rig.Catalog.Learning.LearnReleaseAsync(
            path with { Scheme = AptListName.UnknownScheme, Port = 0 }, CatalogUnderTest.Dated(5), ReleaseTrust.Unknown, settles: false,
            Cancellation);

        Assert.Single(await RowsAsync(), row => row[1] is "stable" && row[0] is "ftp.us.debian.org/debian");
    }

    private ArchivesStatus Make(SharingOptions options) =>
        new(_rig.Catalog.Suites, _rig.Catalog.Writer, new ShareRules(Options.Create(options), _rig.Sightings));

    private async Task<object?[][]> RowsAsync() =>
        [.. ((StatusTable)Assert.Single(await Section.ReadAsync(Cancellation))).Rows.Select(row => row.ToArray())];
}
