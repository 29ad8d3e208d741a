namespace AptP2P.EndToEnd;

/// <summary>What apt takes is learned: the packages of an odd archive come from the store when they are asked for again.</summary>
public sealed class OddArchiveTests(SignedRepository repository) : EndToEndTest(repository)
{
    private IReadOnlyList<RepositoryPackage> Packages => [Repository.Package("aa-tiny"), Repository.Package("mm")];

    private OddArchive Odd => new(Folder("odd"), Packages, Repository.Root);

    [Fact]
    public Task Packages_BlankBeforeAColonAndFoldedFilename_IsLearned() => AssertIsLearnedAsync(Odd with
    {
        EditPackages = text => text
            .Replace("Maintainer:", "Main tainer :").Replace("Size:", "Size :").Replace("Filename: ", "Filename:\n "),
    });

    [Fact]
    public Task Release_ByteOrderMarkAndUnindentedLine_IsLearned() => AssertIsLearnedAsync(Odd with
    {
        EditRelease = text => "\ufeff" + text
            .Replace("Description: odd\n", "Description : odd\nand more of it\n").Replace("SHA256:", "Sha256:"),
    });

    [Fact]
    public Task Flat_BelowDists_IsLearned() => AssertIsLearnedAsync(Odd with { Flat = "dists/odd/main/binary-amd64" });

    [Fact]
    public Task Release_WithoutDigests_PackagesIsLearned() => AssertIsLearnedAsync(Odd with { ReleaseDigests = [] });

    [Fact]
    public Task Release_NoneAtAll_PackagesIsLearned() => AssertIsLearnedAsync(Odd with { Flat = "flat", HasRelease = false });

    /// <summary>
    /// A daemon that knows nothing has the index sent whole; one that knows what apt has lets the mirror say that it is the same.
    /// </summary>
    [Fact]
    public async Task Release_NoneAtAll_PackagesIsSentAgainOnlyToBeLearned()
    {
        var archive = Odd with { Flat = "flat", HasRelease = false };
        archive.Write();
        var mirror = await StartMirrorAsync(Folder("odd"));
        var first = await StartDaemonAsync("first");
        var apt = await DownloadAsync("apt", Through(first, mirror), archive);
        mirror.Forget();

        (await apt.UpdateAsync()).Succeeded();
        Assert.Equal(0, mirror.BytesSent("Packages"));

        apt = await DownloadAsync("direct", mirror.Address, archive);
        var second = await StartDaemonAsync("second");
        apt.ThroughProxy(second).ForgetArchives();
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Packages.Select(package => package.Name))).Succeeded();
        await second.StoresAsync(Packages);
    }

    [Theory]
    [InlineData("MD5Sum")]
    [InlineData("SHA512")]
    public Task Release_AnotherDigestOnly_IsLearned(string kind) => AssertIsLearnedAsync(Odd with { ReleaseDigests = [kind] });

    [Fact]
    public Task Packages_Sha512Only_IsLearnedAsTheyPass() => AssertIsLearnedAsync(Odd with { PackageDigests = ["SHA512"] });

    private async Task AssertIsLearnedAsync(OddArchive archive)
    {
        archive.Write();
        var mirror = await StartMirrorAsync(Folder("odd"));
        var daemon = await StartDaemonAsync("daemon");

        await DownloadAsync("direct", mirror.Address, archive);
        await DownloadAsync("first", Through(daemon, mirror), archive);
        await daemon.StoresAsync(Packages);
        mirror.Forget();
        await DownloadAsync("second", Through(daemon, mirror), archive);

        Assert.Equal(0, mirror.BytesSent(".deb"));
    }

    private async Task<AptRoot> DownloadAsync(string name, Uri mirror, OddArchive archive)
    {
        var apt = NewApt(name)
            .WithBinarySources($"[trusted=yes allow-insecure=yes allow-weak=yes] {mirror}debian/{archive.Address} {archive.Where}")
            .WithOption("Acquire::AllowInsecureRepositories=true")
            .WithOption("Acquire::AllowWeakRepositories=true");
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Packages.Select(package => package.Name))).Succeeded();
        apt.AssertHas(Packages);
        return apt;
    }
}
