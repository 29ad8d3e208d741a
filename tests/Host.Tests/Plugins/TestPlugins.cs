using System.Reflection;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins;

namespace AptP2P.Host.Tests.Plugins;

/// <summary>A folder with some of the plugins of tests/Plugins in it, as an operator would have it.</summary>
internal sealed class TestPlugins : IDisposable
{
    private static readonly string Built = typeof(TestPlugins).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "TestPlugins").Value!;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("apt-p2p-plugins-");

    public TestPlugins(params string[] names)
    {
        Folder = _root.CreateSubdirectory("plugins").FullName;
        foreach (var name in names)
        {
            Copy(name, name);
        }
    }

    public string Folder { get; }

    public NodeOptions Node => new() { Plugins = [Folder], State = Path.Combine(_root.FullName, "state") };

    public void Copy(string name, string asFolder)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, asFolder));
        foreach (var file in Directory.GetFiles(Path.Combine(Built, name)))
        {
            File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
        }
    }

    public async Task<(PluginSet Plugins, Settings Settings)> LoadAsync(Action<NodeOptions>? change = null, params Setting[] written)
    {
        var node = Node;
        change?.Invoke(node);
        var list = new SettingList();
        Array.ForEach(written, list.Add);
        var settings = new Settings(list);
        settings.Section<NodeOptions>(NodeOptions.Section);
        return (await PluginSet.LoadAsync(node, settings), settings);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
