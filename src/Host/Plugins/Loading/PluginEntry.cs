using System.Diagnostics;
using System.Reflection;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>A plugin that was found, and what became of it.</summary>
/// <param name="name">Its folder's name, until the plugin has said its own.</param>
/// <param name="calls">How it is called.</param>
internal sealed class PluginEntry(string name, ForeignCalls calls)
{
    private const BindingFlags Unwrapped = BindingFlags.DoNotWrapExceptions;
    private const int MaxName = 64;

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _failure;

    public string Name { get; private set; } = name;

    public string Version { get; private set; } = "";

    public IPlugin? Plugin { get; private set; }

    /// <summary>Why it was left out; <see langword="null"/> while it works.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    public bool Works => Failure is null;

    /// <summary>Whether it was left out because the operator wants that.</summary>
    public bool IsUnwanted { get; private set; }

    /// <summary>Ends when the plugin is left out.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Something that is odd but does no harm.</summary>
    public string? Warning { get; private set; }

    /// <summary>What its section is bound to.</summary>
    public object? Options { get; set; }

    /// <summary>Leaves the plugin out from now on: nothing of it is used any more. The first reason stays.</summary>
    public void Fail(string reason)
    {
        if (Interlocked.CompareExchange(ref _failure, reason, null) is null)
        {
            _gone.SetResult();
        }
    }

    /// <summary>Leaves it out because <c>[Host] Without</c> names it.</summary>
    public void TurnOff()
    {
        IsUnwanted = true;
        Fail("[Host] Without names it");
    }

    /// <summary>
    /// Runs a step of the plugin, if it works. If the step throws or takes too long, the plugin is left out.
    /// </summary>
    public async Task TryAsync(string what, Func<CancellationToken, Task> call)
    {
        if (Works && await calls.TryAsync(what, call) is { } reason)
        {
            Fail(reason);
        }
    }

    public Task TryAsync(string what, Action call) => TryAsync(what, _ =>
    {
        call();
        return Task.CompletedTask;
    });

    /// <summary>Loads the assembly and makes the entry object.</summary>
    /// <returns>Why there is none.</returns>
    public string? Load(string assembly)
    {
        var copy = Path.Combine(Path.GetDirectoryName(assembly)!, $"{ContractVersion.AssemblyName}.dll");
        Warning = File.Exists(copy) ? $"{copy} is not used, the host's copy is; build the plugin without it" : null;
        return ContractVersion.Check(assembly) ?? Create(PluginAssembly.Load(assembly));
    }

    /// <summary>Takes an entry object that is made.</summary>
    /// <returns>Why it is none.</returns>
    public string? Take(IPlugin plugin)
    {
        var assembly = plugin.GetType().Assembly;
        var said = plugin.Name;
        if (said is null || !IsName(said))
        {
            return $"its name '{ForeignCalls.ToLine(said)}' is none: "
                + "letters, digits, dots, underscores and hyphens, from a letter on, make a name";
        }

        Version = ForeignCalls.ToLine(
            assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
                ?? assembly.GetName().Version?.ToString());
        (Name, Plugin) = (said, plugin);
        return null;
    }

    /// <summary>Whether code of this plugin is in an exception's stack.</summary>
    public bool TookPartIn(Exception exception) =>
        Plugin is { } plugin
        && new StackTrace(exception)
            .GetFrames()
            .Any(frame =>
                frame.GetMethod()?.Module.Assembly is { } assembly && PluginAssembly.IsOfSame(plugin.GetType().Assembly, assembly));

    private string? Create(Assembly assembly)
    {
        var named = assembly.GetCustomAttributes<PluginAttribute>().ToArray();
        if (named is not [{ EntryType: var type }])
        {
            return $"it has {named.Length} [assembly: Plugin(...)] attributes instead of one";
        }

        return typeof(IPlugin).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is { } constructor
            ? Take((IPlugin)constructor.Invoke(Unwrapped, null, null, null))
            : $"its entry type {type} is not a public class with a public constructor without parameters that implements {nameof(IPlugin)}";
    }

    /// <summary>The form of a plugin's name, which names a section of the configuration and a folder.</summary>
    private static bool IsName(string text) => // not a Regex: nothing else that a start needs is one, and it takes a megabyte
        text.Length is > 0 and <= MaxName
        && char.IsAsciiLetter(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
