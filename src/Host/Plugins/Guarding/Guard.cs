using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>
/// Stands before an object that a plugin has registered for the daemon. The guard is there before that object is made, and still when the
/// plugin was left out: then it answers as if there were no plugin.
/// </summary>
internal abstract class Guard
{
    private static readonly Dictionary<Type, Func<PluginEntry, Guard>> Kinds = new()
    {
        [typeof(ISource)] = owner => new SourceGuard(owner),
        [typeof(IPeerLookup)] = owner => new LookupGuard(owner),
        [typeof(IPeerStore)] = owner => new PeerStoreGuard(owner),
        [typeof(INeighbours)] = owner => new NeighboursGuard(owner),
        [typeof(IPortMapping)] = owner => new PortMappingGuard(owner),
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
