using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace AptP2P.Host.Daemon;

/// <summary>Section <c>[Host]</c>: where this node listens and where it keeps its state.</summary>
internal sealed class NodeOptions
{
    public const string Section = "Host";

    [Description("The port: TCP for apt and peers, and the same number in UDP for the DHT.")]
    [Range(1, 65535)]
    public int Port { get; set; } = 9977;

    [Description(
        "The address to listen on. Any (::, which takes IPv4 too), so that peers can come; who may use the proxy is [Proxy] Allow.")]
    public IPAddress Bind { get; set; } = IPAddress.IPv6Any;

    [Description(
        "The folder for packages and state. Empty: the service manager's cache folder, else apt-p2p under XDG_CACHE_HOME or ~/.cache.")]
    public string State { get; set; } = "";

    [Description(
        "Further folders with a sub-folder for each plugin, besides the one beside the host. Their files must be root's or the daemon's, "
        + "and not be writable for others.")]
    public string[] Plugins { get; set; } = [];

    [Description("Plugins, by name, that are not used, such as Dht.Kademlia.")]
    public string[] Without { get; set; } = [];

    [Description(
        "How long each step of a plugin's start may take (to be loaded, to set up, to start). One that takes longer is left out, so that "
        + "it cannot keep the daemon from starting.")]
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PluginTime { get; set; } = TimeSpan.FromSeconds(15);

    [Description(
        "Plugins, by name, without which the daemon must not start. Others that fail are left out, named with their reason in the log.")]
    public string[] Require { get; set; } = [];

    [Description("Connections at a time, of apt and peers together. Stops strangers from using up memory and file descriptors.")]
    [Range(10, 100_000)]
    public int Connections { get; set; } = 1_000;

    [Description(
        "How many of Connections are for those who may use the proxy ([Proxy] Allow) alone, so that peers and other strangers cannot "
        + "lock apt out.")]
    [Range(0, 100_000)]
    public int ConnectionReserve { get; set; } = 200;

    [Description(
        "Connections at a time of one address (IPv6: /64) that may not use the proxy. One that may has up to half of all. When it has as "
        + "many, a new one takes the place of one that has nothing under way.")]
    [Range(1, 100_000)]
    public int ConnectionsPerAddress { get; set; } = 64;

    [Description("How long running downloads may go on after the daemon was told to stop.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    [Description("The least important messages to log. Peers' addresses are at Debug only.")]
    public LogLevel Log { get; set; } = LogLevel.Information;

    /// <summary>Where the node listens: a machine without IPv6 gets IPv4's any.</summary>
    public IPEndPoint EndPoint => new(Bind.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : Bind, Port);

    /// <summary>Whether a connection to an address comes to this node.</summary>
    /// <param name="address">The address it goes to.</param>
    /// <param name="port">The port it goes to.</param>
    /// <param name="from">Its address at this end, once it is made: one that talks to itself has the same at both ends.</param>
    public bool IsAt(IPAddress address, int port, IPAddress? from = null)
    {
        var self = EndPoint;
        address = address.Plain(); // ::ffff:127.0.0.2 leads to where 127.0.0.2 does
        from = from?.Plain();
        var listensEverywhere = self.Address.Equals(IPAddress.Any) || self.Address.Equals(IPAddress.IPv6Any);
        return port == self.Port
            && (listensEverywhere ? IPAddress.IsLoopback(address) || address.Equals(from) : self.Address.Plain().Equals(address));
    }

    /// <summary><see cref="State"/>, or what it stands for when it is empty.</summary>
    public string StateFolder => Path.GetFullPath(State.Length > 0 ? State : DefaultState());

    /// <summary>The host's own folder of plugins.</summary>
    public static string OwnPlugins { get; } = Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>Where plugins are, the host's own first.</summary>
    public IEnumerable<string> PluginFolders => [OwnPlugins, .. Plugins.Select(Path.GetFullPath)];

    /// <summary>Sockets that somebody else has opened for this node.</summary>
    public PassedSockets Passed { get; private set; } = PassedSockets.None;

    /// <summary>What was configured, where passed sockets listen elsewhere.</summary>
    public IPEndPoint? Overruled { get; private set; }

    /// <summary>
    /// Listens on the service manager's sockets, if it has passed any. Where they are is what holds: they are open already.
    /// </summary>
    public void TakePassedSockets(ICollection<string> problems)
    {
        Passed = PassedSockets.Take(Port, problems);
        if (Passed.EndPoint is { } passed && !passed.Equals(EndPoint))
        {
            Overruled = EndPoint;
            (Bind, Port) = (passed.Address, passed.Port);
        }
    }

    /// <summary>Whether a service manager has made a folder for the state (systemd.exec(5), <c>CacheDirectory=</c>).</summary>
    public static bool IsStateOfServiceManager => CacheDirectory is { Length: > 0 };

    private static string? CacheDirectory => Environment.GetEnvironmentVariable("CACHE_DIRECTORY");

    private static string DefaultState()
    {
        if (CacheDirectory is { Length: > 0 } given)
        {
            return given.Split(':')[0]; // several are separated by colons
        }

        // The XDG base directory specification has relative paths ignored.
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.IsPathRooted(cache) ? Path.Combine(cache, "apt-p2p")
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache", "apt-p2p")
            : "/var/cache/apt-p2p";
    }
}
