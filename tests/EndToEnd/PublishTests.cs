using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace AptP2P.EndToEnd;

/// <summary>What `dotnet publish` gives: a folder to keep, for one system.</summary>
public sealed class PublishTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>12 MB when this was written, 5 without machine code; 65 with what SQLite needs on every system that it knows.</summary>
    private const long MaxSize = 20_000_000;

    private const ushort X64 = 62, Arm64 = 183; // e_machine of elf(5)

    private string Published => Folder("published");

    [Fact]
    public async Task Publish_ForThisMachine_HasOnlyItsNativesAndRuns()
    {
        await PublishAsync("--no-build", "--configuration", Metadata("Configuration")); // what this build has made

        var daemon = await StartAsync(
            new Daemon(
                "published", NextAddress(), Folder("state"), ["--Dht.Kademlia:Routers=", "--Catalog:AptLists="])
            {
                Program = Path.Combine(Published, "apt-p2p.dll"),
            },
            one => one.StartAsync());
        using var client = new HttpClient();
        var status = JsonNode.Parse(
            await client.GetStringAsync(new Uri(daemon.Address, "/p2p/status"), TestContext.Current.CancellationToken));

        Assert.All(["catalog", "dht", "peers"], section => Assert.NotNull(status![section])); // the first is in SQLite, others are plugins
        AssertHasNativesOf(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Arm64 : X64);
    }

    [Fact]
    public async Task Publish_ForAnotherMachine_HasOnlyThatOnesNativesAndNoMachineCodeOfThisOne()
    {
        var (name, machine) = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? ("linux-x64", X64) : ("linux-arm64", Arm64);
        await PublishAsync(
            "--configuration", "Release", "--runtime", name,
            "-p:UseAppHost=false", // the only thing of it that would have to be downloaded
            "-p:RunAnalyzers=false", // the same source was built with them
            $"-p:ArtifactsPath={Folder("built")}", "-p:UseArtifactsOutput=true", $"-p:HostOutput={Folder("built")}/host/");

        AssertHasNativesOf(machine);
        Assert.All(
            Directory.EnumerateFiles(Published, "AptP2P.*.dll", SearchOption.AllDirectories).Append(Path.Combine(Published, "apt-p2p.dll")),
            file =>
            {
                using var assembly = new PEReader(File.OpenRead(file));
                Assert.True(assembly.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size == 0, $"{file} is precompiled");
            });
    }

    private async Task PublishAsync(params IEnumerable<string> options) =>
        (await Command.RunAsync(
            "dotnet", ["publish", Path.Combine(Metadata("Repository"), "src/Host"), "--output", Published, "-nodeReuse:false", .. options]))
        .Succeeded();

    private void AssertHasNativesOf(ushort machine)
    {
        var files = Directory.GetFiles(Published, "*", SearchOption.AllDirectories);
        var natives = files.Where(file =>
            Path.GetExtension(file) is ".so" or ".a" or ".dylib" || Path.GetFileName(file) == "e_sqlite3.dll");

        var native = Assert.Single(natives);
        Assert.Equal("libe_sqlite3.so", Path.GetFileName(native));
        Assert.Equal(machine, BitConverter.ToUInt16(File.ReadAllBytes(native), 18));
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 0, MaxSize);
        Assert.Equal(
            ["Dht.Kademlia", "Neighbours.Lan", "PortMapping", "Source.Mirror", "Source.Peers", "Stats"],
            Directory.GetDirectories(Path.Combine(Published, "plugins")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static string Metadata(string key) => typeof(PublishTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == key).Value!;
}
