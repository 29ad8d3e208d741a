using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture;

/// <summary>Who may know whom.</summary>
public sealed partial class LayerTests
{
    /// <summary>
    /// Inside of the host, by folder. Program and Features may call all; Configuration is for all, to bind their options.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayCall = new()
    {
        ["Apt"] = [],
        ["Catalog"] = ["Apt", "Fetching", "Origins", "Storage"],
        ["Configuration"] = [],
        ["Fetching"] = ["Origins", "Policy", "Storage"],
        ["Origins"] = [],
        ["Plugins"] = [],
        ["Policy"] = [],
        ["Proxy"] = ["Catalog", "Fetching", "Origins", "Sending", "Storage"],
        ["Sending"] = ["Storage"],
        ["Sharing"] = ["Catalog", "Fetching", "Sending", "Storage"],
        ["Storage"] = [],
        ["Telemetry"] = [],
    };

    [Fact]
    public void Plugins_All_CanBeLoaded() => Assert.All(Code.PluginEntries, entry => Assert.Null(entry.Failure));

    [Fact]
    public void Plugins_References_AreTheContractAlone()
    {
        Assert.NotEmpty(Code.PluginAssemblies);
        Assert.All(Code.PluginAssemblies, plugin => Assert.Equal([Code.Contract.GetName().Name], Ours(plugin)));
    }

    [Fact]
    public void Host_References_AreTheContractAlone() => Assert.Equal([Code.Contract.GetName().Name], Ours(Code.Host));

    [Fact]
    public void Contract_References_AreNoneOfOurs() => Assert.Empty(Ours(Code.Contract));

    [Fact]
    public void HostFolders_Calls_AreInTheTable()
    {
        var wrong =
            from type in Code.Host.GetTypes()
            let caller = Folder(type)
            where caller is not null
            from called in TypeReferences.Of(type)
            let callee = called.Assembly == Code.Host ? Folder(called) : null
            where
                callee is not null
                && callee != caller
                && callee != "Configuration"
                && !MayCall.GetValueOrDefault(caller, []).Contains(callee)
            select $"{type.FullName} ({caller}) mentions {called.FullName} ({callee})";

        Assert.Empty(wrong.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HostFolders_Each_IsInTheTable() =>
        Assert.Empty(Code.Host.GetTypes().Select(Folder).OfType<string>().Distinct().Except(MayCall.Keys));

    [Fact]
    public void Table_Always_HasNoCircle()
    {
        var left = MayCall.ToDictionary(entry => entry.Key, entry => entry.Value);
        while (left.Where(entry => !entry.Value.Any(left.ContainsKey)).Select(entry => entry.Key).ToArray() is { Length: > 0 } leaves)
        {
            foreach (var leaf in leaves)
            {
                left.Remove(leaf);
            }
        }

        Assert.Empty(left.Keys);
    }

    [Fact]
    public void TypeReferencesOf_KnownType_FindsSignaturesAndCode() // else the tests above could pass by blindness
    {
        var references = TypeReferences.Of(typeof(Host.Plugins.PluginSet)).ToArray();

        Assert.Contains(typeof(Host.Configuration.NodeOptions), references); // a constructor's parameter
        Assert.Contains(typeof(Host.Plugins.PluginEntry), references); // a type argument of a field
        Assert.Contains(typeof(Enumerable), references); // only called
    }

    [Fact]
    public void LoadContexts_Files_OnlyOneKnowsThem() =>
        Assert.Equal(
            ["PluginAssembly.cs"],
            Code.Files("src", "plugins").Where(file => LoadContext().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));

    [GeneratedRegex("AssemblyLoadContext|McMaster")]
    private static partial Regex LoadContext();

    private static IEnumerable<string?> Ours(Assembly assembly) =>
        assembly
            .GetReferencedAssemblies()
            .Select(reference => reference.Name)
            .Where(name => name!.StartsWith("AptP2P.", StringComparison.Ordinal));

    private static string? Folder(Type type) => type.Namespace?.Split('.') is ["AptP2P", "Host", var folder, ..] ? folder : null;
}
