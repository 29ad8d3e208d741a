using System.Net.Sockets;
using System.Text;

namespace AptP2P.Host.Daemon;

/// <summary>
/// Tells systemd how far the daemon is (sd_notify(3)). Microsoft's own library finds out whether there is a service manager by looking at
/// the parent process, which the unit's ProtectProc= hides.
/// </summary>
internal static class Readiness
{
    public const string Ready = "READY=1";
    public const string Stopping = "STOPPING=1";

    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // @: unix(7), abstract
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
        }
        catch (SocketException)
        {
            // Nobody listens there: whoever set it has gone.
        }
    }
}
