#if (kind == "lookup")
using System.Net;
#endif
using AptP2P;
using AptP2P.Testing.Conformance;
#if (kind == "lookup" || kind == "policy")
using AptP2P.Testing.InMemory;
#endif
using Microsoft.Extensions.Options;

namespace PluginName.Tests;

// The suites are AptP2P.Testing's: they say what every plugin must do, and are told here how to make this one.

public sealed class EntryPointTests : PluginConformance<EntryPoint>;

#if (kind == "source")
public sealed class FolderSourceTests : SourceConformance, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("PluginName-");

    protected override ISource Source => new FolderSource(Options.Create(new Settings { Folder = _folder.FullName }));

    protected override async ValueTask<Content> ServeAsync(byte[] bytes)
    {
        var content = new Content(ContentHash.Of(bytes), bytes.Length, []);
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, content.Hash.ToString()), bytes);
        return content;
    }

    protected override ValueTask<Content> MissAsync() => new(new Content(ContentHash.Of("other"u8), 5, []));

    public void Dispose() => _folder.Delete(recursive: true);
}
#elif (kind == "lookup")
public sealed class ListedPeersTests : PeerLookupConformance
{
    private readonly Settings _settings = new();

    protected override IPeerLookup Lookup => new ListedPeers(
        Options.Create(_settings), new PluginContext("", new IPEndPoint(IPAddress.Any, Own.Port)), new ListedAddresses($"{Own.Address}"));

    protected override IPEndPoint Own { get; } = new(IPAddress.Parse("192.0.2.1"), 9977);

    protected override ValueTask<IReadOnlyCollection<IPEndPoint>> AppearAsync(ContentHash hash)
    {
        IPEndPoint[] peers = [new(IPAddress.Parse("192.0.2.2"), 9977), new(IPAddress.Parse("192.0.2.3"), 9977)];
        _settings.Peers = [Own, .. peers];
        return new(peers);
    }
}
#elif (kind == "policy")
public sealed class MirrorLastTests : SourcePolicyConformance
{
    private static readonly ISourcePolicy Standard = new FixedPolicy(new SourcePlan(Origin: true, PeerUse.Search), "FewPeers");

    protected override ISourcePolicy Policy { get; } = new MirrorLast([Standard], Options.Create(new Settings()));
}
#else
public sealed class GreetingsTests : StatusSectionConformance
{
    protected override IStatusSection Section { get; } = new Greetings(Options.Create(new Settings()));
}
#endif
