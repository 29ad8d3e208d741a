using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Sending;

/// <summary>
/// What goes to a client: the bytes that Kestrel's HTTP writes, and between them parts of files, which the kernel sends out of its page
/// cache without their passing through this process.
/// </summary>
/// <remarks>
/// HTTP counts a body's bytes as they are written. So for a part of a file it is given a window to write to, whose bytes nobody looks at:
/// what counts is how far it advances. Ending the writer does not end the connection, which may be a tunnel next.
/// </remarks>
internal sealed class SocketOutput(Socket socket, TimeProvider time) : PipeWriter
{
    /// <summary>
    /// How long a client may take nothing before it is given up. It holds a connection, and the fetch that it reads from. Kestrel's own
    /// limit counts what was written to it, and would give up a client that takes five seconds for a window of this size.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most of a file that is sent at once, and then HTTP may look whether the client is too slow, or the daemon stops.
    /// </summary>
    public const int Window = 1 << 20;

    private const int LeastBuffer = 4 << 10; // holds any head of ours

    private static readonly byte[] _window = GC.AllocateUninitializedArray<byte>(Window); // never touched, so it takes no memory

    private byte[] _bytes = []; // rented while there is something to send
    private int _count;
    private SafeFileHandle? _file;
    private long _fileStart;
    private int _fileCount;
    private long _sent;
    private long _timedSince;
    private Action<TimeSpan>? _timed; // waits for the next byte
    private bool _isGone;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _count + _fileCount;

    /// <summary>How much the socket has taken so far. Read by any thread.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Tells once how long it takes from now until the socket takes the next byte.</summary>
    public void TimeNextByte(Action<TimeSpan> told) => (_timed, _timedSince) = (told, time.GetTimestamp());

    /// <summary>What is advanced over from now on is a part of a file.</summary>
    public void Attach(SafeFileHandle file, long start) => (_file, _fileStart, _fileCount) = (file, start, 0);

    /// <summary>What is written from now on is bytes again.</summary>
    public void Detach() => (_file, _fileCount) = (null, 0);

    /// <summary>
    /// Whether advancing over this memory sends the attached file. If not, something has come between, and the memory has to be filled.
    /// </summary>
    public bool IsWindow(ReadOnlyMemory<byte> memory) =>
        _file is not null && System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var array) && array.Array == _window;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_file is not null && sizeHint <= Window - _fileCount)
        {
            return _window.AsMemory(_fileCount);
        }

        var wanted = _count + Math.Max(sizeHint, 1);
        if (wanted > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, LeastBuffer));
            _bytes.AsSpan(0, _count).CopyTo(larger);
            GiveBack();
            _bytes = larger;
        }

        return _bytes.AsMemory(_count);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ref var count = ref (_file is null ? ref _count : ref _fileCount);
        count += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _isGone ? new(new FlushResult(isCanceled: false, isCompleted: true)) : UnflushedBytes == 0 ? default : SendAsync(cancellationToken);

    /// <summary>Ends our side of the connection. What is written from now on goes nowhere.</summary>
    public void HangUp()
    {
        _isGone = true;
        End(SocketShutdown.Send); // the client's requests are still read, or the end would be a reset
    }

    /// <summary>Sending goes on until the socket is closed, and whoever cancels closes it.</summary>
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => GiveBack();

    private async ValueTask<FlushResult> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendBytesAsync(cancellationToken);
            await SendFileAsync(cancellationToken);
            return default;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            _isGone = true;
            // Kestrel takes an exception from here for its own and goes on; that there is nothing more to read it understands
            End(SocketShutdown.Both);
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
        catch
        {
            _isGone = true; // nobody knows how much was sent, so nothing may follow
            throw;
        }
    }

    private async ValueTask SendBytesAsync(CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < _count;)
        {
            var rest = _bytes.AsMemory(sent, _count - sent);
            var now = KernelSend.TrySend(socket, rest.Span, more: _fileCount > 0);
            now = now > 0 ? now : await SendFirstAsync(rest, cancellationToken);
            sent += now;
            Count(now);
        }

        _count = 0;
        GiveBack(); // a connection that waits for its next request holds no memory
    }

    private async ValueTask SendFileAsync(CancellationToken cancellationToken)
    {
        while (_fileCount > 0)
        {
            var sent = KernelSend.TrySendFile(socket, _file!, _fileStart, _fileCount);
            if (sent == 0)
            {
                sent = await SendFirstOfFileAsync(cancellationToken);
            }

            _fileStart += sent;
            _fileCount -= sent;
            Count(sent);
        }
    }

    private async ValueTask<int> SendFirstOfFileAsync(CancellationToken cancellationToken)
    {
        var copy = ArrayPool<byte>.Shared.Rent(LeastBuffer);
        try
        {
            var read = RandomAccess.Read(_file!, copy.AsSpan(0, Math.Min(copy.Length, _fileCount)), _fileStart);
            return read > 0
                ? await SendFirstAsync(copy.AsMemory(0, read), cancellationToken)
                // the client must not wait for what will not come
                : throw new IOException("a file of the store has become shorter while it was sent");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>
    /// Waits until the client has taken something, as only an ordinary send can, and so sends a little in the ordinary way.
    /// </summary>
    private async ValueTask<int> SendFirstAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await socket.SendAsync(bytes[..Math.Min(bytes.Length, LeastBuffer)], SocketFlags.None, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private void Count(int sent)
    {
        Volatile.Write(ref _sent, _sent + sent);
        if (_timed is { } told)
        {
            _timed = null;
            told(time.GetElapsedTime(_timedSince));
        }
    }

    private void End(SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    private void GiveBack()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
