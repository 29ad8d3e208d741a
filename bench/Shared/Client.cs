using System.Buffers;
using System.Net;

namespace AptP2P.Bench;

/// <param name="FirstByte">From the request to the first byte of the body.</param>
/// <param name="Whole">To the last.</param>
internal readonly record struct Download(TimeSpan FirstByte, TimeSpan Whole);

/// <summary>Somebody who downloads over one connection that is kept, one file after the other, and looks only at the clock.</summary>
internal sealed class Client : IDisposable
{
    private const int BufferSize = 256 << 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<Download> GetAsync(Uri address, long length, CancellationToken cancellationToken = default)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{address}: {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }

        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var (position, first) = (0L, TimeSpan.Zero);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                first = position == 0 ? TimeProvider.System.GetElapsedTime(began) : first;
                position += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return position == length
            ? new Download(first, TimeProvider.System.GetElapsedTime(began))
            : throw new InvalidOperationException($"{address}: {position} bytes instead of {length}");
    }

    public void Dispose() => _http.Dispose();
}
