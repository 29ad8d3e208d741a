using System.Reflection;
using AptP2P.Host.Configuration;
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

    public NodeOptions Node => new() { Plugins = Folder, State = Path.Combine(_root.FullName, "state") };

    public void Copy(string name, string asFolder)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, asFolder));
        foreach (var file in Directory.GetFiles(Path.Combine(Built, name)))
        {
            File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
        }
    }

    public PluginSet Load(out Settings settings, params string[] require)
    {
        var node = Node;
        node.Require = require;
        settings = new Settings(new SettingList());
        settings.Section<NodeOptions>(NodeOptions.Section);
        return PluginSet.Load(node, settings);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
