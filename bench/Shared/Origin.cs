using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Bench;

/// <summary>A mirror with the bandwidth and the distance of a real one, that counts what it sends.</summary>
internal sealed class Origin : IAsyncDisposable
{
    private const int ChunkSize = 32 << 10; // small against what a second lets through, so that all connections have their share

    private readonly InProcessServer _server;
    private readonly string _root;
    private readonly TimeSpan _latency;
    private readonly Pace _pace;
    private long _bytesSent;

    private Origin(IPEndPoint endPoint, string root, double bytesPerSecond, TimeSpan latency)
    {
        (_root, _latency, _pace) = (root, latency, new Pace(bytesPerSecond));
        _server = new InProcessServer(endPoint, AnswerAsync);
    }

    public Uri Address => _server.Address;

    /// <summary>Bytes of bodies since the start or the last reset.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public void Reset() => Interlocked.Exchange(ref _bytesSent, 0);

    /// <param name="endPoint">Where it listens.</param>
    /// <param name="root">The folder it serves.</param>
    /// <param name="bytesPerSecond">What all connections get together.</param>
    /// <param name="latency">Before the first byte of each answer, as a round trip over a distance.</param>
    public static async Task<Origin> StartAsync(IPEndPoint endPoint, string root, double bytesPerSecond, TimeSpan latency)
    {
        var origin = new Origin(endPoint, root, bytesPerSecond, latency);
        await origin._server.StartAsync();
        return origin;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (_latency > TimeSpan.Zero)
        {
            await Task.Delay(_latency, TimeProvider.System, context.RequestAborted);
        }

        var file = new FileInfo(Path.Combine(_root, context.Request.Path.Value!.TrimStart('/')));
        if (!file.Exists)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var (start, end) = RangeAnswer.Begin(context, file.Length, file.Length.ToString("x", CultureInfo.InvariantCulture));
        context.Response.Headers.LastModified = file.LastWriteTimeUtc.ToString("R", CultureInfo.InvariantCulture);
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await SendAsync(context, file.FullName, start, end);
        }
    }

    private async Task SendAsync(HttpContext context, string path, long start, long end)
    {
        using var file = File.OpenHandle(path);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (var position = start; position < end;)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(ChunkSize, end - position)), position);
                await _pace.WaitAsync(read, context.RequestAborted);
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                Interlocked.Add(ref _bytesSent, read);
                position += read;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort(); // the client has left
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
