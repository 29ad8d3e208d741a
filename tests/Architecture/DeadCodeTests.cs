using System.Reflection;
using System.Runtime.CompilerServices;
using AptP2P.Architecture.Layers;
using Xunit;

namespace AptP2P.Architecture;

/// <summary>Nothing stands there that the program itself does not use.</summary>
public sealed class DeadCodeTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What tests and benchmarks alone look at, since nothing else shows it from outside.</summary>
    private static readonly string[] Doors =
    [
        "Dht.Kademlia.Addressing.NodeId.Create", // an id of a simulation's own random source
        "Dht.Kademlia.Node.KademliaNode.ExternalIn", // with the next four: for what finds out whether the node can be reached
        "Dht.Kademlia.Node.KademliaNode.KnocksIn",
        "Dht.Kademlia.Node.KademliaNode.Knows", // whether a node keeps a key
        "Dht.Kademlia.Node.KademliaNode.Ping",
        "Dht.Kademlia.Node.KademliaNode.StandingIn",
        "Dht.Kademlia.Node.NodeCounts.get_Deadlines", // sizes that must not grow
        "Dht.Kademlia.Node.NodeCounts.get_PendingQueries",
        "Dht.Kademlia.Queries.SuspectNodes.get_Count",
        "Dht.Kademlia.Transport.LinkScopes.get_Count",
        "Host.Plugins.PluginSet.AddAsync", // a plugin that lies in no folder
    ];

    /// <summary>Called by convention or by reflection.</summary>
    private static readonly string[] Conventions =
    [
        "Dht.Kademlia.Configuration.StopsAttribute.get_What", // read by the test of docs/dht.md
        "Host.Catalog.Metadata.MetadataJson.get_DateTimeOffset", // the serializer's
        "Host.Catalog.Metadata.MetadataJson.get_String",
        "Host.Configuration.OptionText.FailToParse",
        "Host.Configuration.OptionText.ParseAs",
        "Host.Proxy.ProxyMiddleware.InvokeAsync", // ASP.NET Core's
    ];

    [Fact]
    public void Members_All_AreUsedByTheProgram()
    {
        var types = Code.PluginAssemblies.Append(Code.Host).SelectMany(assembly => assembly.GetTypes()).ToArray();
        var used = types.SelectMany(TypeReferences.MembersOf).Select(Name).ToHashSet(StringComparer.Ordinal);

        var unused = types.Where(IsWritten).SelectMany(Members).Select(Name).Where(name => !used.Contains(name)).ToHashSet();

        Assert.Empty(unused.Except([.. Doors, .. Conventions]).Order(StringComparer.Ordinal));
        Assert.Empty(Doors.Concat(Conventions).Except(unused));
    }

    /// <summary>Not what the compiler makes, what native code reads, or what is a list of names.</summary>
    private static bool IsWritten(Type type) =>
        type.Namespace?.StartsWith("AptP2P.", StringComparison.Ordinal) == true
        && !type.FullName!.Contains('<', StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute))
        && !type.IsSubclassOf(typeof(Delegate))
        && type is { IsEnum: false, IsInterface: false }
        && !(type is { IsValueType: true, IsNested: true } && type.GetFields(Declared).All(field => field.IsPublic));

    /// <summary>Those that somebody has to name: not what an interface or a base class asks for, and not what each record has.</summary>
    private static IEnumerable<MemberInfo> Members(Type type)
    {
        var asked = type.GetInterfaces().SelectMany(each => type.GetInterfaceMap(each).TargetMethods).ToHashSet();
        var methods = type.GetMethods(Declared)
            .Where(method => !asked.Contains(method) && method.GetBaseDefinition() == method && method.Name is not "Main")
            .Where(method => method.IsSpecialName
                ? method.Name.StartsWith("get_", StringComparison.Ordinal)
                : !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !method.Name.Contains('<', StringComparison.Ordinal));
        return methods.Concat<MemberInfo>(
            type.GetFields(Declared).Where(field => !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal)));
    }

    private static string Name(MemberInfo member)
    {
        var type = member.DeclaringType!;
        return $"{(type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName}.{member.Name}"["AptP2P.".Length..];
    }
}
