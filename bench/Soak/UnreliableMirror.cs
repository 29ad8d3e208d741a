using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Bench.Soak;

/// <summary>A mirror that has its troubles: now and then a part of its answers are not what they should be.</summary>
internal sealed class UnreliableMirror : IAsyncDisposable
{
    private const int ChunkSize = 64 << 10;
    private const double TrickleRate = 8_000;
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(5);

    private readonly InProcessServer _server;
    private readonly string _root;
    private readonly double _rate;
    private readonly Random _random;

    private UnreliableMirror(IPEndPoint endPoint, string root, double bytesPerSecond, Random random)
    {
        (_root, _rate, _random) = (root, bytesPerSecond, random);
        _server = new InProcessServer(endPoint, AnswerAsync);
    }

    public Uri Address => _server.Address;

    /// <summary>Its trouble at this time.</summary>
    public Fault Fault { get; set; }

    /// <summary>How much of what is asked for has it.</summary>
    public double Share { get; set; }

    /// <param name="endPoint">Where it listens.</param>
    /// <param name="root">The folder it serves.</param>
    /// <param name="bytesPerSecond">For each answer.</param>
    /// <param name="random">Decides which answers are bad.</param>
    public static async Task<UnreliableMirror> StartAsync(IPEndPoint endPoint, string root, double bytesPerSecond, Random random)
    {
        var mirror = new UnreliableMirror(endPoint, root, bytesPerSecond, random);
        await mirror._server.StartAsync();
        return mirror;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var fault = Draw();
            await (fault == Fault.Hang ? Task.Delay(Hanging, TimeProvider.System, context.RequestAborted) : Task.CompletedTask);
            var file = new FileInfo(Path.Combine(_root, context.Request.Path.Value!.TrimStart('/')));
            if (fault == Fault.Refused || !file.Exists)
            {
                context.Response.StatusCode = file.Exists ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status404NotFound;
                return;
            }

            var tag = file.LastWriteTimeUtc.Ticks.ToString("x", CultureInfo.InvariantCulture);
            var (start, end) = RangeAnswer.Begin(context, file.Length, tag);
            context.Response.Headers.LastModified = file.LastWriteTimeUtc.ToString("R", CultureInfo.InvariantCulture);
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await SendAsync(context, file.FullName, start, end, fault);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort(); // the client has left, or the file has gone
        }
    }

    private Fault Draw()
    {
        lock (_random)
        {
            return _random.NextDouble() < Share ? Fault : Fault.None;
        }
    }

    private async Task SendAsync(HttpContext context, string path, long start, long end, Fault fault)
    {
        using var file = File.OpenHandle(path);
        var pace = new Pace(fault == Fault.Trickle ? TrickleRate : _rate);
        var chunk = fault == Fault.Trickle ? ChunkSize / 16 : ChunkSize;
        var stop = fault == Fault.Cut ? start + (end - start) / 2 : end;
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (var position = start; position < stop;)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(chunk, stop - position)), position);
                if (read == 0)
                {
                    throw new IOException("the file is shorter now");
                }

                await pace.WaitAsync(read, context.RequestAborted);
                buffer[0] ^= (byte)(fault == Fault.Corrupt ? 1 : 0);
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                position += read;
            }

            if (stop < end)
            {
                context.Abort();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
