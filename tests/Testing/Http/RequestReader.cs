using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AptP2P.Testing.Http;

/// <summary>Reads requests from a connection, one after the other.</summary>
internal sealed class RequestReader(Stream stream, int connection)
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _filled;

    /// <summary>The next request, or <see langword="null"/> at the end.</summary>
    public async Task<ServedRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }

        var lines = Encoding.Latin1.GetString(_buffer, 0, end).Split("\r\n");
        Consume(end + 4);
        var first = lines[0].Split(' ');
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        return new ServedRequest(connection, first[0], first[1], headers.ToImmutable(), await ReadBodyAsync(length, cancellationToken));
    }

    private async Task<byte[]> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        while (_filled < length && await FillAsync(cancellationToken))
        {
        }

        var body = _buffer.AsSpan(0, Math.Min(length, _filled)).ToArray();
        Consume(body.Length);
        return body;
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken); // 0 also when a request is larger than the buffer
        _filled += read;
        return read > 0;
    }

    private void Consume(int count)
    {
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }
}
