using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Testing.Networks;

/// <summary>
/// A host of a network that a test makes: a network namespace (ip-netns(8)) with interfaces, a hosts file and a resolver of its own. It has
/// no way to this machine's network.
/// </summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000;
    private const string Prefix = "apt-p2p";
    private const string Handles = "/run/netns";
    private const string Configuration = "/etc/netns"; // ip-netns(8) binds what is here over /etc

    private static readonly string[] Programs = ["ip", "sysctl"];
    private static int _made;

    private NetworkNamespace(string name) => Name = name;

    /// <summary>What <c>ip -n</c> and <c>ip netns exec</c> call it.</summary>
    public string Name { get; }

    /// <summary>Why no network can be made on this machine; <see langword="null"/> if one can.</summary>
    /// <param name="programs">What else a test needs.</param>
    public static string? FindObstacle(params IEnumerable<string> programs)
    {
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries);
        return !Environment.IsPrivilegedProcess
            ? "only root can make network namespaces"
            : Programs.Concat(programs)
                .Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program))))
                .Select(program => $"the program {program} is missing")
                .FirstOrDefault();
    }

    /// <param name="hosts">Lines for its hosts file.</param>
    /// <param name="ipv6">Whether it has IPv6 at all.</param>
    public static async Task<NetworkNamespace> CreateAsync(IEnumerable<string>? hosts = null, bool ipv6 = false)
    {
        if (Interlocked.Increment(ref _made) == 1)
        {
            await RemoveLeftoversAsync();
        }

        var made = new NetworkNamespace($"{Prefix}-{Environment.ProcessId}-{_made}");
        var folder = Directory.CreateDirectory(Path.Combine(Configuration, made.Name)).FullName;
        await File.WriteAllLinesAsync(Path.Combine(folder, "hosts"), ["127.0.0.1 localhost", "::1 localhost", .. hosts ?? []]);
        await File.WriteAllTextAsync(Path.Combine(folder, "resolv.conf"), ""); // unknown names fail at once
        var off = ipv6 ? 0 : 1;
        await RunAsync($"""
            ip netns add {made.Name}
            ip -n {made.Name} link set lo up
            ip netns exec {made.Name} sysctl -qw net.ipv6.conf.all.disable_ipv6={off} net.ipv6.conf.default.disable_ipv6={off} \
              net.ipv6.conf.default.accept_dad=0
            # frames between two hosts of a bridge are no concern of the router's firewall
            ip netns exec {made.Name} sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 || true
            """);
        return made;
    }

    /// <summary>How a program is started in here. It keeps the process id that the start gives.</summary>
    public (string Program, string[] Arguments) Inside(string program, params IEnumerable<string> arguments) =>
        ("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>Runs a shell script as root, its commands one after the other until one fails.</summary>
    /// <returns>What it has printed.</returns>
    public static async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("sh", ["-ec", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{script}\n{await output}{await errors}");
    }

    /// <summary>Runs a shell script in here.</summary>
    public Task<string> ShellAsync(string script)
    {
        var text = new StringBuilder("ip netns exec ").Append(Name).Append(" sh -ec '").Append(script.Replace("'", "'\\''")).Append('\'');
        return RunAsync(text.ToString());
    }

    /// <summary>
    /// Makes something in here, such as a socket: that stays a part of this network, whoever uses it later. Its thread is given up, since
    /// it cannot be trusted to come back.
    /// </summary>
    public T Enter<T>(Func<T> make)
    {
        var made = default(T);
        var failure = default(Exception);
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(Path.Combine(Handles, Name));
                if (SetNamespace(handle, CloneNewNet) != 0)
                {
                    throw new Win32Exception();
                }

                made = make();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? made! : throw new InvalidOperationException($"in {Name}: {failure.Message}", failure);
    }

    /// <summary>A client that connects from in here.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = Enter(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    });

    /// <summary>Ends what still runs in here, and removes it with all its interfaces.</summary>
    public async ValueTask DisposeAsync() => await RemoveAsync(Name);

    private static async Task RemoveAsync(string name, string unlessGone = "")
    {
        await RunAsync($"""
            for pid in $(ip netns pids {name}{unlessGone}); do kill -9 $pid 2> /dev/null || true; done
            ip netns del {name}{unlessGone}
            rm -rf {Configuration}/{name}
            """);
    }

    /// <summary>Removes what runs have left behind that were killed.</summary>
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var path in Directory.Exists(Handles) ? Directory.GetFiles(Handles, $"{Prefix}-*-*") : [])
        {
            var name = Path.GetFileName(path);
            if (!Directory.Exists($"/proc/{name.Split('-')[2]}"))
            {
                await RemoveAsync(name, " 2> /dev/null || true"); // another process may be at the same
            }
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeFileHandle handle, int kind);
}
