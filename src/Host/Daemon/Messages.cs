using System.Net;

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
}
