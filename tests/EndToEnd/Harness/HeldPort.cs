using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// A service manager's part of socket activation (sd_listen_fds(3)): it keeps a daemon's port open, TCP and UDP, and passes it to each life
/// of the daemon.
/// </summary>
internal sealed class HeldPort : IAsyncDisposable
{
    private const int SetDescriptorFlags = 2; // F_SETFD

    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public HeldPort(IPAddress address, int port)
    {
        _tcp.Bind(new IPEndPoint(address, port));
        _tcp.Listen();
        _udp.Bind(new IPEndPoint(address, port));
        foreach (var socket in new[] { _tcp, _udp })
        {
            Assert.Equal(0, Control((int)socket.Handle, SetDescriptorFlags, 0)); // not closed on exec
        }
    }

    /// <summary>
    /// The command line that starts a program with the sockets as its own; it must know its process id, so it replaces the shell.
    /// </summary>
    public (string Program, string[] Arguments) Pass(string program, params IEnumerable<string> arguments) =>
        (
            "bash",
            [
                "-c",
                $"exec 3<&{_tcp.Handle} 4<&{_udp.Handle} {_tcp.Handle}<&- {_udp.Handle}<&-; LISTEN_PID=$$ LISTEN_FDS=2 "
                + $"LISTEN_FDNAMES=apt-p2p.socket:apt-p2p.socket exec \"$@\"",
                "bash",
                program,
                .. arguments,
            ]);

    /// <summary>Waits until somebody has connected whom no daemon has taken.</summary>
    public Task SomebodyWaitsAsync() =>
        Task.Run(() => Assert.True(_tcp.Poll(Command.Patience, SelectMode.SelectRead), "nobody has connected"));

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        _udp.Dispose();
        return ValueTask.CompletedTask;
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command, int argument);
}
