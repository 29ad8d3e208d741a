using System.Net;

namespace AptP2P.Host.Plugins;

/// <summary>
/// Stands before something that a plugin has registered for the daemon. It is there before the plugin's object is, and still when the
/// plugin was left out: then it is as nobody.
/// </summary>
internal abstract class Guard
{
    private static readonly Dictionary<Type, Func<PluginEntry, Guard>> Kinds = new()
    {
        [typeof(ISource)] = owner => new SourceGuard(owner),
        [typeof(IPeerLookup)] = owner => new LookupGuard(owner),
        [typeof(IPeerStore)] = owner => new PeerStoreGuard(owner),
        [typeof(INeighbours)] = owner => new NeighboursGuard(owner),
        [typeof(ISourcePolicy)] = owner => new PolicyGuard(owner),
        [typeof(IStatusSection)] = owner => new SectionGuard(owner),
        [typeof(IContentStore)] = owner => new ContentStoreGuard(owner),
    };

    /// <summary>What a plugin may register for the daemon and for other plugins.</summary>
    public static IEnumerable<Type> Types => Kinds.Keys;

    public static Guard? For(Type type, PluginEntry owner) => Kinds.GetValueOrDefault(type)?.Invoke(owner);

    /// <summary>Has the plugin's object made, by the plugin's container.</summary>
    public abstract void Make(IServiceProvider services, IServiceProvider host);
}

/// <typeparam name="T">What it stands for.</typeparam>
/// <param name="owner">Whose that is.</param>
internal abstract class Guard<T>(PluginEntry owner) : Guard where T : class
{
    private volatile T? _made;

    protected PluginEntry Owner => owner;

    /// <summary>The plugin's object, as long as it is to be used.</summary>
    protected T? Working => owner.Works ? _made : null;

    /// <summary>The same, whatever has become of the plugin since it was made.</summary>
    protected T? Made => _made;

    public override void Make(IServiceProvider services, IServiceProvider host)
    {
        var made = services.GetRequiredKeyedService<T>(this);
        Read(made, host);
        _made = made;
    }

    /// <summary>Reads what does not change: asked for at any time, it could throw or block at any time.</summary>
    protected virtual void Read(T made, IServiceProvider host)
    {
    }
}

internal sealed class SourceGuard(PluginEntry owner) : Guard<ISource>(owner), ISource
{
    public string Name { get; private set; } = "";

    public SourceRole Role { get; private set; }

    public IAsyncEnumerable<IChannel> OpenAsync(Content content, SearchEffort effort, CancellationToken cancellationToken) =>
        Working?.OpenAsync(content, effort, cancellationToken) ?? AsyncEnumerable.Empty<IChannel>();

    protected override void Read(ISource made, IServiceProvider host) => (Name, Role) = (ForeignCalls.ToLine(made.Name), made.Role);
}

internal sealed class LookupGuard(PluginEntry owner) : Guard<IPeerLookup>(owner), IPeerLookup
{
    public string Name { get; private set; } = "";

    public IAsyncEnumerable<Peer> FindAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Working?.FindAsync(hash, cancellationToken) ?? AsyncEnumerable.Empty<Peer>();

    public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) =>
        Working?.GetPieceListAsync(claim, cancellationToken) ?? default;

    protected override void Read(IPeerLookup made, IServiceProvider host) => Name = ForeignCalls.ToLine(made.Name);
}

internal sealed class PeerStoreGuard(PluginEntry owner) : Guard<IPeerStore>(owner), IPeerStore
{
    public ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken) =>
        Working?.AnnounceAsync(announcement, cancellationToken) ?? default;

    public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Working?.WithdrawAsync(hash, cancellationToken) ?? default;
}

internal sealed class NeighboursGuard(PluginEntry owner) : Guard<INeighbours>(owner), INeighbours
{
    public IAsyncEnumerable<IPEndPoint> WatchAsync(CancellationToken cancellationToken) =>
        Working?.WatchAsync(cancellationToken) ?? AsyncEnumerable.Empty<IPEndPoint>();
}

/// <summary>
/// Where the plugin is gone, the host's own policy decides. That it is slow or throws is nothing of this: GuardedPolicy asks the policy
/// that was chosen on a thread of its own, which neither those that were not chosen nor this guard need.
/// </summary>
internal sealed class PolicyGuard(PluginEntry owner) : Guard<ISourcePolicy>(owner), ISourcePolicy
{
    private ISourcePolicy? _hosts;

    /// <summary>No policy's, until the plugin has said its own.</summary>
    public string Name { get; private set; } = "";

    public SourcePlan Decide(in FetchState state) => (Working ?? _hosts!).Decide(state);

    protected override void Read(ISourcePolicy made, IServiceProvider host) =>
        (Name, _hosts) = (ForeignCalls.ToLine(made.Name), host.GetServices<ISourcePolicy>().First(policy => policy is not PolicyGuard));
}

/// <summary>Where the plugin is gone, its section says so.</summary>
internal sealed class SectionGuard(PluginEntry owner) : Guard<IStatusSection>(owner), IStatusSection
{
    public string Key { get; private set; } = owner.Name;

    public string Title { get; private set; } = owner.Name;

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        Working?.ReadAsync(cancellationToken) ?? new([new StatusValue("error", "Error", $"the plugin {Owner.Name} is left out")]);

    protected override void Read(IStatusSection made, IServiceProvider host) =>
        (Key, Title) = (ForeignCalls.ToLine(made.Key ?? Owner.Name), ForeignCalls.ToLine(made.Title ?? Owner.Name));
}

/// <summary>Takes the place of the host's own store, if it could be made. Then it stays: what it keeps is nowhere else.</summary>
internal sealed class ContentStoreGuard(PluginEntry owner) : Guard<IContentStore>(owner), IContentStore
{
    public bool IsMade => Made is not null;

    public ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Made!.OpenAsync(hash, cancellationToken);

    public ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken) =>
        Made!.BeginAsync(hash, length, cancellationToken);

    public IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken) => Made!.ListAsync(cancellationToken);

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken) => Made!.EvictAsync(hash, cancellationToken);
}
