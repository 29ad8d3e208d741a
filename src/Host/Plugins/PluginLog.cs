using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins;

/// <summary>What the log says of each plugin.</summary>
internal static partial class PluginLog
{
    /// <summary>Says what has become of a plugin so far.</summary>
    /// <returns>Whether it said that the plugin is left out: that may happen at any moment.</returns>
    public static bool Tell(ILogger logger, PluginEntry entry)
    {
        var failure = entry.Failure;
        if (entry.IsUnwanted)
        {
            Unwanted(logger, entry.Name);
        }
        else if (failure is not null)
        {
            LeftOut(logger, entry.Name, failure);
        }
        else
        {
            Loaded(logger, entry.Name, entry.Version);
        }

        if (entry.Warning is { } warning && failure is null)
        {
            Warning(logger, entry.Name, warning);
        }

        return failure is not null;
    }

    [LoggerMessage(1005, LogLevel.Error, "Plugin {Name} has thrown where nobody catches it")]
    public static partial void Uncaught(ILogger logger, string name, Exception exception);

    [LoggerMessage(1000, LogLevel.Information, "Plugin {Name} {Version} loaded")]
    private static partial void Loaded(ILogger logger, string name, string version);

    [LoggerMessage(1001, LogLevel.Error, "Plugin {Name} left out: {Reason}")]
    private static partial void LeftOut(ILogger logger, string name, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "Plugin {Name}: {Warning}")]
    private static partial void Warning(ILogger logger, string name, string warning);

    [LoggerMessage(1004, LogLevel.Information, "Plugin {Name} left out, as [Host] Without says")]
    private static partial void Unwanted(ILogger logger, string name);
}
