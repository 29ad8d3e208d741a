using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Sending;

/// <summary>
/// Linux's sendfile(2), and its send(2). Neither waits: they send what the socket takes now, which may be nothing. Also how much of it the
/// other side has confirmed.
/// </summary>
internal static partial class KernelSend
{
    private const int DoNotWait = 0x40; // MSG_DONTWAIT
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int More = 0x8000; // MSG_MORE: no packet of its own
    private const int OutputQueue = 0x5411; // SIOCOUTQ
    private const int Interrupted = 4; // EINTR
    private const int WouldWait = 11; // EAGAIN

    /// <summary>Sends bytes.</summary>
    /// <param name="socket">To whom.</param>
    /// <param name="bytes">As many of them as fit.</param>
    /// <param name="more">Whether others follow at once, so that they may share a packet.</param>
    /// <exception cref="SocketException">The client is gone.</exception>
    public static unsafe int TrySend(Socket socket, ReadOnlySpan<byte> bytes, bool more)
    {
        fixed (byte* first = bytes)
        {
            return Check(Send(socket.SafeHandle, first, bytes.Length, (more ? More : 0) | DoNotWait | NoSignal));
        }
    }

    /// <summary>Sends part of a file.</summary>
    /// <exception cref="SocketException">The client is gone.</exception>
    public static int TrySendFile(Socket socket, SafeFileHandle file, long start, int count) =>
        Check(SendFile(socket.SafeHandle, file, ref start, count));

    /// <summary>
    /// How much of what was sent the other side has not confirmed, its end included. A socket that is reset forgets this.
    /// </summary>
    public static int Unconfirmed(Socket socket) => IoControl(socket.SafeHandle, OutputQueue, out var bytes) == 0 ? bytes : 0;

    private static int Check(nint sent)
    {
        if (sent >= 0)
        {
            return (int)sent;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is WouldWait or Interrupted
            ? 0
            : throw new SocketException((int)SocketError.ConnectionReset, Marshal.GetPInvokeErrorMessage(error));
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static unsafe partial nint Send(SafeHandle socket, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(SafeHandle socket, SafeHandle file, ref long offset, nint count);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(SafeHandle socket, nuint request, out int value);
}
