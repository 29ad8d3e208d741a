using System.ComponentModel;
using System.Net;
using System.Reflection;
using AptP2P.Host.Configuration;

namespace AptP2P.Host.Daemon;

/// <summary>What the daemon says to whoever starts it. Each message returns the process's exit code.</summary>
internal static class Messages
{
    public const int BadConfiguration = 78; // EX_CONFIG of sysexits.h

    public static int WriteVersion(TextWriter output)
    {
        output.WriteLine($"apt-p2p {Product.Version}");
        return 0;
    }

    public static int WriteProblems(TextWriter output, IReadOnlyList<string> problems)
    {
        output.WriteLine($"apt-p2p is not started. {problems.Count} to mend:");
        foreach (var problem in problems)
        {
            output.WriteLine($"  {problem}");
        }

        return BadConfiguration;
    }

    /// <summary>Made from the options themselves, so that it cannot be out of date.</summary>
    public static int WriteHelp(TextWriter output, Settings settings)
    {
        output.WriteLine("""
            apt-p2p: gives apt its packages from peers and mirrors, and shares them.

            Usage: apt-p2p [--config FILE] [--<Section>:<Key>=<value> ...]
                   apt-p2p --help | --version

            Each option is a line Key = value below [Section] in FILE, or an environment variable APTP2P_<Section>__<Key>
            (dots of the section may be underscores), or an argument --<Section>:<Key>=<value>. Later ones win.
            """);
        foreach (var (name, bound) in settings.Sections.Where(section => section.Value.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"[{name}]");
            foreach (var options in bound)
            {
                WriteOptions(output, Activator.CreateInstance(options.GetType())!);
            }
        }

        return 0;
    }

    /// <summary>What a started daemon says: how to point apt at it.</summary>
    public static void WriteWelcome(TextWriter output, NodeOptions node)
    {
        var name = IPAddress.Any.Equals(node.Bind) || IPAddress.IPv6Any.Equals(node.Bind) || IPAddress.Loopback.Equals(node.Bind)
            ? "localhost"
            : new UriBuilder { Host = node.Bind.ToString() }.Host; // with the brackets that IPv6 needs
        var here = $"http://{name}:{node.Port}/";
        output.WriteLine($"""
            apt-p2p {Product.Version} is ready at {here} (a browser shows its status there). To have apt use it, either
              echo 'Acquire::http::Proxy "{here}";' | sudo tee /etc/apt/apt.conf.d/30apt-p2p
            or put {here} before the host in apt's sources: {here}ftp.us.debian.org/debian
            """);
    }

    private static void WriteOptions(TextWriter output, object defaults)
    {
        foreach (var property in Settings.Keys(defaults.GetType()))
        {
            output.WriteLine($"  {property.Name} = {OptionText.Format(property.GetValue(defaults))}");
            if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
            {
                output.WriteLine($"      {description.Description}");
            }
        }
    }
}
