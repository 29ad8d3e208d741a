using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AptP2P.Dht.Kademlia.Transport;

/// <summary>
/// The datagrams of a UDP socket that came back as unreachable (ICMP). Linux reports them to an unconnected socket only if asked to
/// (IP_RECVERR, <see href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7)</see>), and .NET cannot read the report. On other systems
/// a query to nobody ends by its time-out.
/// </summary>
internal static unsafe partial class ErrorQueue
{
    private const int IpLevel = 0;
    private const int IpRecvErr = 11;
    private const int Ipv6Level = 41;
    private const int Ipv6RecvErr = 25;
    private const int FromErrorQueue = 0x2000; // MSG_ERRQUEUE
    private const int DoNotWait = 0x40; // MSG_DONTWAIT
    private const int ControlSize = 512; // for what the kernel says of the error, which is not read

    public static void Enable(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            var isV6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
            socket.SetRawSocketOption(isV6 ? Ipv6Level : IpLevel, isV6 ? Ipv6RecvErr : IpRecvErr, BitConverter.GetBytes(1));
            if (isV6 && socket.DualMode)
            {
                socket.SetRawSocketOption(IpLevel, IpRecvErr, BitConverter.GetBytes(1));
            }
        }
    }

    /// <summary>Takes the next datagram: where it was sent to, and as much of it as came back.</summary>
    /// <returns>The length of what came back; a negative number if there is no further one.</returns>
    public static int TryRead(Socket socket, Span<byte> destination, Span<byte> datagram)
    {
        if (!OperatingSystem.IsLinux())
        {
            return -1;
        }

        var control = stackalloc byte[ControlSize];
        fixed (byte* name = destination, data = datagram)
        {
            var part = new Part { Bytes = data, Length = datagram.Length };
            var message = new Message
            {
                Name = name,
                NameLength = (uint)destination.Length,
                Parts = &part,
                PartCount = 1,
                Control = control,
                ControlLength = ControlSize,
            };
            try
            {
                return (int)ReceiveMessage(socket.SafeHandle, &message, FromErrorQueue | DoNotWait);
            }
            catch (ObjectDisposedException)
            {
                return -1;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    private static partial nint ReceiveMessage(SafeSocketHandle socket, Message* message, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public void* Bytes;
        public nint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nint PartCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
