using AptP2P.Testing;

namespace AptP2P.Kit;

/// <summary>Who follows docs/plugins.md to the letter has a plugin that the daemon runs.</summary>
[Collection(PluginKitCollection.Name)]
public sealed class PluginGuideTests(SignedRepository repository, PluginKit kit) : EndToEndTest(repository)
{
    [Fact]
    public async Task FiveMinutes_Followed_ThePageShowsThePlugin()
    {
        var daemon = await StartDaemonAsync("daemon", PluginGuide.DaemonOptions("Five minutes", kit.Greeter));

        await AssertGreetsAsync(daemon);
    }

    [Fact]
    public async Task Publish_Followed_ThePackageIsRootsAndDropsIntoThePluginsFolder()
    {
        if (Tools.FirstMissing("dpkg-deb") is { } missing)
        {
            throw Requirement.Missing($"the program {missing} is missing");
        }

        var script = PluginGuide.Script("Publish it") + $"\ndpkg-deb --contents *.deb; dpkg-deb --extract *.deb {Folder("root")}";
        var contents = (await kit.RunAsync(script, kit.Greeter)).Succeeded().Output;
        var daemon = await StartDaemonAsync("daemon", $"--Host:Plugins={Folder("root")}/usr/lib/apt-p2p/plugins");

        var files = contents.Split('\n').Where(line => line.Contains(" ./usr/", StringComparison.Ordinal)).ToArray();
        Assert.Contains(files, line => line.EndsWith("/usr/lib/apt-p2p/plugins/Greeter/Greeter.dll", StringComparison.Ordinal));
        Assert.All(files, line => Assert.Contains(" root/root ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("AptP2P.Abstractions.dll", contents, StringComparison.Ordinal);
        await AssertGreetsAsync(daemon);
    }

    /// <summary>The other kinds of the template: what they make is right from the start.</summary>
    [Fact]
    public async Task Template_EachKind_ItsTestsPass()
    {
        string[] kinds = ["source", "lookup", "policy"];
        var folder = Directory.CreateDirectory(Folder("kinds")).FullName;
        var made = kinds.Select(kind => $"dotnet new apt-p2p-plugin --kind {kind} -o My{kind} --packages {kit.Packages}");
        var tests = kinds.Select(kind => $"dotnet run --project My{kind}/My{kind}.Tests");

        var result = (await kit.RunAsync(string.Join('\n', made.Concat(tests)), folder)).Succeeded();

        Assert.Equal(kinds.Length, result.Output.Split("Test run summary: Passed!").Length - 1);
    }

    private static async Task AssertGreetsAsync(Daemon daemon)
    {
        var status = await daemon.StatusAsync();
        Assert.Equal("Hello", status["greetings"]?["greeting"]?.GetValue<string>());
        var named = status["node"]!["plugins"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "Greeter");
        Assert.Equal("works", named!["state"]!.GetValue<string>());
    }
}
