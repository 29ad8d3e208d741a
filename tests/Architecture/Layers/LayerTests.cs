using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Layers;

/// <summary>Who may know whom.</summary>
public sealed partial class LayerTests
{
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

    public static TheoryData<string> Parts => [.. Layers.All.Select(table => table.Part)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Rooms_Mentions_AreInTheTable(string part)
    {
        var table = Table(part);

        Assert.Empty(
            table.Mentions(Types)
                .Where(mention => !table.ForAll.Contains(mention.Callee) && !table.Above.Contains(mention.Caller))
                .Where(mention => !table.MayCall.GetValueOrDefault(mention.Caller, []).Contains(mention.Callee))
                .Select(mention => $"{mention.Example} ({mention.Caller} -> {mention.Callee})")
                .Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Rooms_Each_IsInTheTable(string part)
    {
        var table = Table(part);

        Assert.Equal(
            table.MayCall.Keys.Concat(table.ForAll).Concat(table.Above).Order(StringComparer.Ordinal),
            Types.Select(type => LayerTable.Room(part, type)).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Edges_Each_IsUsed(string part) // else a door stands open that nobody needs
    {
        var table = Table(part);
        var used = table.Mentions(Types).Select(mention => $"{mention.Caller} -> {mention.Callee}").ToHashSet();

        Assert.Empty(table.MayCall.SelectMany(entry => entry.Value.Select(callee => $"{entry.Key} -> {callee}")).Except(used));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Table_Always_HasNoCircle(string part) => Assert.Empty(Table(part).Circle());

    [Fact]
    public void Parts_WithRooms_HaveATable() =>
        Assert.Equal(
            Layers.All.Select(table => table.Part).Concat(Layers.InNoOrderYet).Order(StringComparer.Ordinal),
            Types.Select(type => type.Namespace)
                .OfType<string>()
                .Where(space =>
                    Assemblies.Select(Code.NamespaceOf).Append(SharedLayers.Part)
                        .Any(part => space.StartsWith(part + ".", StringComparison.Ordinal)))
                .Select(space => space[..space.LastIndexOf('.')])
                .Distinct()
                .Order(StringComparer.Ordinal));

    [Fact]
    public void SharedSource_Mentions_NobodyWhoCompilesIt() // else it could not be compiled by another
    {
        var shared = Types.Where(type => LayerTable.Room(SharedLayers.Part, type) is not null).ToArray();

        Assert.NotEmpty(shared);
        Assert.Empty(
            from type in shared
            from called in TypeReferences.Of(type)
            where called.Assembly == type.Assembly && called.Namespace is not null && LayerTable.Room(SharedLayers.Part, called) is null
            select $"{type.FullName} mentions {called.FullName}");
    }

    [Fact]
    public void TypeReferencesOf_KnownType_FindsSignaturesAndCode() // else the tests above could pass by blindness
    {
        var references = TypeReferences.Of(typeof(Host.Plugins.PluginSet)).ToArray();

        Assert.Contains(typeof(Host.Daemon.NodeOptions), references); // a constructor's parameter
        Assert.Contains(typeof(Host.Plugins.Loading.PluginEntry), references); // a type argument of a field
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
            .Where(name => name == Code.Host.GetName().Name || name!.StartsWith("AptP2P.", StringComparison.Ordinal));

    private static IEnumerable<Assembly> Assemblies => Code.PluginAssemblies.Append(Code.Host);

    private static IEnumerable<Type> Types => Assemblies.SelectMany(assembly => assembly.GetTypes());

    private static LayerTable Table(string part) => Layers.All.Single(table => table.Part == part);
}
