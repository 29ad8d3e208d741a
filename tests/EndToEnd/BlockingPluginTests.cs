using System.Reflection;

namespace AptP2P.EndToEnd;

/// <summary>A daemon with somebody's plugin that blocks whoever calls it: apt must not see any of that.</summary>
public sealed class BlockingPluginTests(SignedRepository repository) : EndToEndTest(repository)
{
    private static readonly string Built = typeof(BlockingPluginTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "TestPlugins").Value!;

    [Theory]
    [InlineData("Policy")]
    [InlineData("Source")]
    [InlineData("LookUp")]
    [InlineData("Store")]
    [InlineData("Section")]
    public async Task Install_APluginBlocks_GetsTheRepositorysFilesAndThePageNamesIt(string what)
    {
        var plugin = Directory.CreateDirectory(Path.Combine(Folder("plugins"), "Blocks")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Built, "Blocks")))
        {
            File.Copy(file, Path.Combine(plugin, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(Path.Combine(plugin, "what"), what, TestContext.Current.CancellationToken);
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync(
            "daemon", [$"--Host:Plugins={Folder("plugins")}", .. what == "Policy" ? (string[])["--Policy:Name=Blocks"] : []]);
        var apt = NewApt("apt", daemon, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();

        apt.AssertHas(Repository.Packages);
        var status = await daemon.StatusAsync();
        var named = status["node"]!["plugins"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "Blocks");
        Assert.Equal("works", named!["state"]!.GetValue<string>()); // as far as anybody can tell
        Assert.Equal(what == "Section" ? "took too long" : null, status["blocks"]?["error"]?.GetValue<string>());
        Assert.NotEmpty(Directory.GetFiles(plugin, "called-*"));
        await daemon.StopAsync();
    }
}
