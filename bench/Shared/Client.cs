using System.Buffers;
using System.Net;
using System.Security.Cryptography;

namespace AptP2P.Bench;

/// <param name="FirstByte">From the request to the first byte of the body.</param>
/// <param name="Whole">To the last.</param>
/// <param name="Length">How many bytes came. Fewer than there should be when the other end broke off.</param>
internal readonly record struct Download(TimeSpan FirstByte, TimeSpan Whole, long Length);

/// <summary>Somebody who downloads over one connection that is kept, one file after the other, and looks only at the clock.</summary>
internal sealed class Client : IDisposable
{
    private const int BufferSize = 256 << 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="address">Of the file.</param>
    /// <param name="hash">Takes the bytes, if anybody wants to know them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Download> GetAsync(Uri address, IncrementalHash? hash = null, CancellationToken cancellationToken = default)
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
                hash?.AppendData(buffer, 0, read);
            }
        }
        catch (IOException) // the connection ended, or was reset
        {
            // As apt sees it: the file is not whole.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new Download(first, TimeProvider.System.GetElapsedTime(began), position);
    }

    public void Dispose() => _http.Dispose();
}
