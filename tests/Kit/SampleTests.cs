using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AptP2P.Kit;

/// <summary>The samples, built from the packages alone, at work in a daemon.</summary>
[Collection(PluginKitCollection.Name)]
public sealed class SampleTests(SignedRepository repository, PluginKit kit) : EndToEndTest(repository)
{
    private const int MostLines = 100;

    private string Plugins => Folder("plugins");

    [Fact]
    public void Samples_Each_AreLessThanAHundredLines()
    {
        var samples = Directory.GetDirectories(Path.Combine(PluginGuide.Repository, "samples"))
            .Select(folder => (Folder: folder, Name: Path.GetFileName(folder)))
            .Where(sample => sample.Name is not ("Samples.Tests" or "bin" or "obj"))
            .ToArray();

        Assert.Equal(4, samples.Length);
        Assert.All(samples, sample =>
            Assert.InRange(File.ReadLines(Path.Combine(sample.Folder, $"{sample.Name}.cs")).Count(), 1, MostLines - 1));
    }

    [Fact]
    public async Task Samples_TheirOwnTests_Pass() =>
        Assert.Contains(
            "Test run summary: Passed!", (await kit.RunAsync(PluginGuide.Script("Samples"), kit.Clone)).Succeeded().Output,
            StringComparison.Ordinal);

    [Fact]
    public async Task Folder_HasAllPackages_EveryByteComesFromThereAndNoneFromTheMirror()
    {
        await BuildAsync("FolderSource");
        var stick = Directory.CreateDirectory(Folder("stick")).FullName;
        Repository.Packages.ToList().ForEach(package => Put(package, stick));
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", $"--Host:Plugins={Plugins}", $"--FolderSource:Folders={stick}");
        var apt = NewApt("apt", daemon, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        var all = Repository.Packages.Sum(package => package.Length);
        var share = 1 - (mirror.BytesSent(".deb") / (double)all);
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{share:P1} of {all:N0} bytes came from the folder"));
        Assert.Equal(1, share);
    }

    [Fact]
    public async Task Folder_HasSomeAndOneIsWrong_TheMirrorGivesWhatIsMissing()
    {
        await BuildAsync("FolderSource");
        var stick = Directory.CreateDirectory(Folder("stick")).FullName;
        var (right, wrong, absent) = (Repository.Package("xx-big"), Repository.Package("ww"), Repository.Package("uu"));
        Put(right, stick);
        var bad = Put(wrong, stick);
        await using (var file = File.OpenWrite(bad))
        {
            file.Position = wrong.Length / 2;
            file.Write("another byte or two"u8);
        }

        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", $"--Host:Plugins={Plugins}", $"--FolderSource:Folders={stick}");
        var apt = NewApt("apt", daemon, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(right.Name, wrong.Name, absent.Name)).Succeeded();

        apt.AssertHas([right, wrong, absent]);
        Assert.Equal(0, mirror.BytesSent(right.RequestPath));
        Assert.Equal(wrong.Length, mirror.BytesSent(wrong.RequestPath));
        Assert.Equal(absent.Length, mirror.BytesSent(absent.RequestPath));
    }

    /// <summary>By night too it would be the mirror that gives most: there is one peer alone.</summary>
    [Fact]
    public async Task ListNightAndFlatStore_OnePeerByDay_ThePeerIsFoundTheMirrorSparedAndTheFilesLieFlat()
    {
        await BuildAsync("StaticPeers", "NightPolicy", "FlatStore");
        var mirror = await StartMirrorAsync();
        var first = await StartDaemonAsync("first", "--Host:Without=Dht.Kademlia");
        await NewApt("first", first, mirror).InstallAllAsync(Repository, first);
        mirror.Forget();
        var flat = Folder("flat");
        var now = TimeOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        string[] options =
        [
            $"--Host:Plugins={Plugins}", "--Host:Without=Dht.Kademlia", $"--StaticPeers:Peers={first.EndPoint}",
            $"--FlatStore:Folder={flat}", "--Policy:Name=Night",
            $"--NightPolicy:From={Text(now.AddHours(8))}", $"--NightPolicy:To={Text(now.AddHours(16))}",
            "--NightPolicy:Patience=20s", "--Fetch:OriginAnyway=25s", // a busy machine may be slow
        ];
        var second = await StartDaemonAsync("second", options);
        var apt = NewApt("second", second, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        Assert.Equal(0, mirror.BytesSent(".deb"));
        await second.StopAsync();
        await second.StartAsync();
        apt.ForgetArchives();
        mirror.Forget();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        Assert.Equal(0, mirror.BytesSent(".deb"));
        Assert.Subset(
            Directory.GetFiles(flat).Select(file => Path.GetFileName(file)).ToHashSet(),
            Repository.Packages.Select(package => package.Sha256).ToHashSet());
    }

    /// <summary>A plugin that was built for the contract's last version runs in this daemon.</summary>
    [Fact]
    public async Task Policy_BuiltForTheLastContract_Decides()
    {
        var baseline = Path.Combine(PluginGuide.Repository, "src/Abstractions/baseline");
        var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(baseline).Single())["AptP2P.Abstractions.".Length..];
        await BuildWithAsync($"-p:ContractVersion={version} -p:RestoreAdditionalProjectSources={baseline}", "NightPolicy");
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", $"--Host:Plugins={Plugins}", "--Policy:Name=Night");
        var apt = NewApt("apt", daemon, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync("xx-big")).Succeeded();

        apt.AssertHas([Repository.Package("xx-big")]);
        Assert.Equal(version, ContractOf(Path.Combine(Plugins, "NightPolicy/NightPolicy.dll")).ToString(3));
    }

    private static Version ContractOf(string plugin)
    {
        using var file = new PEReader(File.OpenRead(plugin));
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
            .Single(reference => metadata.StringComparer.Equals(reference.Name, "AptP2P.Abstractions"))
            .Version;
    }

    private static string Text(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private string Put(RepositoryPackage package, string folder)
    {
        var copy = Path.Combine(folder, package.FileName);
        File.Copy(Path.Combine(Repository.Root, package.Path), copy);
        return copy;
    }

    private Task BuildAsync(params string[] samples) => BuildWithAsync("", samples);

    private async Task BuildWithAsync(string options, params string[] samples)
    {
        var commands = samples.Select(sample => $"dotnet build samples/{sample} {options} -o {Plugins}/{sample}");
        (await kit.RunAsync(string.Join('\n', commands), kit.Clone)).Succeeded();
    }
}
