using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AptP2P.Host.Daemon;

/// <summary>
/// Sockets that the service manager has opened and passed on (sd_listen_fds(3), packaging/apt-p2p.socket). It keeps them open while the
/// daemon is down, so that clients wait instead of being refused; so they are used here, and never closed.
/// </summary>
internal sealed class PassedSockets
{
    private const int First = 3; // SD_LISTEN_FDS_START
    private const int MaxCount = 64; // nobody means to pass more

    private const int SocketLevel = 1; // SOL_SOCKET, which .NET has no name for
    private const int AcceptsConnections = 30; // SO_ACCEPTCONN

    private readonly List<(int Handle, IPEndPoint EndPoint)> _streams = [];
    private readonly List<(int Handle, IPEndPoint EndPoint)> _datagrams = [];

    private PassedSockets()
    {
    }

    public static PassedSockets None { get; } = new();

    /// <summary>Listening TCP sockets.</summary>
    public IEnumerable<int> Streams => _streams.Select(passed => passed.Handle);

    /// <summary>UDP sockets.</summary>
    public IReadOnlyList<SafeSocketHandle> Datagrams => [.. _datagrams.Select(passed => Borrow(passed.Handle))];

    /// <summary>Where the TCP sockets listen; nothing when there are none.</summary>
    public IPEndPoint? EndPoint =>
        _streams
            .Select(passed => passed.EndPoint)
            .OrderByDescending(endPoint => endPoint.Address.Equals(IPAddress.IPv6Any))
            .FirstOrDefault();

    /// <summary>Takes the sockets that the environment names. Processes started from here are not told of them.</summary>
    /// <param name="port">The port that the UDP sockets must have where no TCP socket was passed.</param>
    /// <param name="problems">What cannot be used.</param>
    public static PassedSockets Take(int port, ICollection<string> problems)
    {
        var passed = new PassedSockets();
        var isForUs = Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isForUs && int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), CultureInfo.InvariantCulture, out var count))
        {
            foreach (var handle in Enumerable.Range(First, Math.Clamp(count, 0, MaxCount)))
            {
                passed.Add(handle, problems);
            }
        }

        foreach (var name in new[] { "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES" })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        port = passed.EndPoint?.Port ?? port;
        foreach (var (handle, endPoint) in passed._streams.Concat(passed._datagrams).Where(other => other.EndPoint.Port != port))
        {
            problems.Add($"{Name(handle)} is for {endPoint}: TCP and UDP must have one port, {port}");
        }

        return passed;
    }

    private void Add(int handle, ICollection<string> problems)
    {
        try
        {
            using var socket = new Socket(Borrow(handle));
            if (socket.LocalEndPoint is not IPEndPoint endPoint || socket.SocketType is not (SocketType.Stream or SocketType.Dgram))
            {
                problems.Add($"{Name(handle)} is no TCP or UDP socket: see ListenStream= and ListenDatagram= in its unit");
            }
            else if (socket.SocketType == SocketType.Dgram)
            {
                _datagrams.Add((handle, endPoint));
            }
            else if (IsListening(socket))
            {
                _streams.Add((handle, endPoint));
            }
            else
            {
                problems.Add($"{Name(handle)} does not listen: its unit must not say Accept=yes");
            }
        }
        catch (SocketException e)
        {
            problems.Add($"{Name(handle)} cannot be used: {e.Message}");
        }
    }

    /// <remarks>
    /// The socket must not be marked close-on-exec, as the service manager left it: .NET shuts down a marked socket before it releases it,
    /// and it would be shut down for the service manager as well.
    /// </remarks>
    private static SafeSocketHandle Borrow(int handle) => new(handle, ownsHandle: false);

    private static string Name(int handle) => $"the service manager's socket (file descriptor {handle})";

    private static bool IsListening(Socket socket)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(SocketLevel, AcceptsConnections, value);
        return value.ContainsAnyExcept((byte)0);
    }
}
