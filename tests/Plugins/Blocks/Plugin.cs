using AptP2P;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(Blocks.Plugin))]

namespace Blocks;

/// <summary>Registers what the file beside it names, which blocks whoever calls it, for ever.</summary>
public sealed class Plugin : IPlugin
{
    public string Name => "Blocks";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        var what = File.ReadAllText(Beside("what"));
        _ = what switch
        {
            "Policy" => services.AddSingleton<ISourcePolicy, Policy>(),
            "Source" => services.AddSingleton<ISource, Source>(),
            "LookUp" => services.AddSingleton<IPeerLookup, LookUp>(),
            "Store" => services.AddSingleton<IContentStore, Store>(),
            "Section" => services.AddSingleton<IStatusSection, Section>(),
            _ => throw new NotSupportedException(what),
        };
    }

    /// <summary>Says in a file that it was called, and never returns.</summary>
    internal static T Block<T>()
    {
        File.Create(Beside($"called-{Guid.NewGuid()}")).Dispose();
        new ManualResetEventSlim().Wait();
        throw new InvalidOperationException("nobody sets it");
    }

    private static string Beside(string file) => Path.Combine(Path.GetDirectoryName(typeof(Plugin).Assembly.Location)!, file);
}

internal sealed class Policy : ISourcePolicy
{
    public string Name => "Blocks";

    public SourcePlan Decide(in FetchState state) => Plugin.Block<SourcePlan>();
}

internal sealed class Source : ISource
{
    public string Name => "blocks";

    public SourceRole Role => SourceRole.Peers;

    public IAsyncEnumerable<IChannel> OpenAsync(Content content, SearchEffort effort, CancellationToken cancellationToken) =>
        Plugin.Block<IAsyncEnumerable<IChannel>>();
}

internal sealed class LookUp : IPeerLookup
{
    public string Name => "blocks";

    public IAsyncEnumerable<Peer> FindAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Plugin.Block<IAsyncEnumerable<Peer>>();

    public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) =>
        Plugin.Block<ValueTask<PieceList?>>();
}

internal sealed class Store : IContentStore
{
    public ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Plugin.Block<ValueTask<IStoredContent?>>();

    public ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken) =>
        Plugin.Block<ValueTask<IPartialContent>>();

    public IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken) =>
        Plugin.Block<IAsyncEnumerable<StoredContent>>();

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken) => Plugin.Block<ValueTask>();
}

internal sealed class Section : IStatusSection
{
    public string Key => "blocks";

    public string Title => "Blocks";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        Plugin.Block<ValueTask<IReadOnlyList<StatusItem>>>();
}
