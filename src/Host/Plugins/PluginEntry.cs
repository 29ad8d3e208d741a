using System.Reflection;

namespace AptP2P.Host.Plugins;

/// <summary>A plugin that was found, and what became of it.</summary>
/// <param name="name">Of its folder, until the plugin has said its own.</param>
internal sealed class PluginEntry(string name)
{
    private const BindingFlags Unwrapped = BindingFlags.DoNotWrapExceptions;

    public string Name { get; private set; } = name;

    public string Version { get; private set; } = "";

    public IPlugin? Plugin { get; private set; }

    /// <summary>Why it was left out; <see langword="null"/> while it works.</summary>
    public string? Failure { get; private set; }

    /// <summary>Something that is odd but does no harm.</summary>
    public string? Warning { get; private set; }

    public void Fail(string reason) => (Plugin, Failure) = (null, reason);

    /// <summary>Lets the plugin do something. Whatever it throws is its own failure, not the daemon's.</summary>
    public void Try(string what, Action<IPlugin> action)
    {
        try
        {
            action(Plugin!);
        }
        catch (Exception e) // any: it is foreign code
        {
            Fail($"{what} threw {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Loads the assembly and makes the entry object.</summary>
    public void Load(string assembly)
    {
        try
        {
            var reason = ContractVersion.Check(assembly);
            Plugin = reason is null ? Create(PluginAssembly.Load(assembly), out reason) : null;
            Failure = reason;
        }
        catch (Exception e) // any: it is a foreign file, with foreign code in it
        {
            Fail($"loading {assembly} threw {e.GetType().Name}: {e.Message}");
        }

        var copy = Path.Combine(Path.GetDirectoryName(assembly)!, $"{ContractVersion.AssemblyName}.dll");
        Warning = Plugin is not null && File.Exists(copy) ? $"{copy} is not used, the host's copy is; build the plugin without it" : null;
    }

    private IPlugin? Create(Assembly assembly, out string? reason)
    {
        var named = assembly.GetCustomAttributes<PluginAttribute>().ToArray();
        if (named is not [{ EntryType: var type }])
        {
            reason = $"it has {named.Length} [assembly: Plugin(...)] attributes instead of one";
            return null;
        }

        if (!typeof(IPlugin).IsAssignableFrom(type) || type.GetConstructor(Type.EmptyTypes) is not { } constructor)
        {
            reason = $"its entry type {type} is not a public class with a public constructor without parameters that implements {nameof(IPlugin)}";
            return null;
        }

        reason = null;
        var plugin = (IPlugin)constructor.Invoke(Unwrapped, null, null, null);
        Version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? assembly.GetName().Version?.ToString() ?? "";
        Name = plugin.Name;
        return plugin;
    }
}
