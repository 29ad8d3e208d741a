using System.Reflection;

namespace AptP2P.Kit;

/// <summary>docs/plugins.md: the commands of a section, as they stand there.</summary>
internal static class PluginGuide
{
    private const string Indent = "    ";
    private const string Daemon = "apt-p2p ";

    public static string Repository { get; } = typeof(PluginGuide).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == "Repository").Value!;

    /// <summary>What the reader types, but for starting the daemon.</summary>
    public static string Script(string section) =>
        string.Join('\n', Commands(section).Where(line => !line.StartsWith(Daemon, StringComparison.Ordinal)));

    /// <summary>The options that the daemon is started with, with what a shell makes of <c>$PWD</c>.</summary>
    public static string[] DaemonOptions(string section, string folder) =>
        Commands(section).Single(line => line.StartsWith(Daemon, StringComparison.Ordinal))[Daemon.Length..]
            .Replace("$PWD", folder, StringComparison.Ordinal)
            .Split(' ');

    private static string[] Commands(string section)
    {
        var lines = File.ReadLines(Path.Combine(Repository, "docs", "plugins.md"))
            .SkipWhile(line => line != $"## {section}")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith(Indent, StringComparison.Ordinal))
            .Select(line => line[Indent.Length..])
            .ToArray();
        Assert.NotEmpty(lines);
        return lines;
    }
}
