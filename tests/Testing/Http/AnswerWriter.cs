using System.Globalization;
using System.Text;

namespace AptP2P.Testing.Http;

/// <summary>Writes one answer: first what would be right (RFC 9110, 9112), bent by what the <see cref="Answer"/> says.</summary>
internal sealed class AnswerWriter(
    Stream stream, ServedRequest request, Answer answer, ServedFile file, Func<CancellationToken, Task> stall)
{
    private const int Portion = 64 << 10;

    /// <summary>Returns whether the connection can take another request.</summary>
    public async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        if (answer.Raw is { } raw)
        {
            await stream.WriteAsync(raw, cancellationToken);
            return false;
        }

        if (answer.StallAt < 0)
        {
            await stall(cancellationToken);
        }

        var (head, body) = answer.Status is { } status ? Error(status) : File();
        await stream.WriteAsync(head, cancellationToken);
        if (request.Method != "HEAD" && !await SendAsync(body, cancellationToken))
        {
            return false;
        }

        await stream.WriteAsync(new byte[answer.Surplus], cancellationToken);
        return answer.LengthError == 0;
    }

    private async Task<bool> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var end = (int)Math.Min(body.Length, answer.CutAt ?? body.Length);
        for (var sent = 0; ;)
        {
            if (sent == answer.StallAt)
            {
                await stall(cancellationToken);
            }

            if (sent == end)
            {
                await stream.WriteAsync(answer is { IsChunked: true, CutAt: null } ? "0\r\n\r\n"u8.ToArray() : default, cancellationToken);
                return answer.CutAt is null;
            }

            var stop = answer.StallAt > sent ? Math.Min(end, answer.StallAt.Value) : end;
            var portion = body[sent..(int)Math.Min(stop, sent + (answer.Trickle ?? Portion))];
            await stream.WriteAsync(answer.IsChunked ? Chunk(portion) : portion, cancellationToken);
            request.Sent(portion.Length);
            sent += portion.Length;
            if (answer.Trickle is not null && sent < end)
            {
                await stall(cancellationToken);
            }
        }
    }

    private (byte[] Head, ReadOnlyMemory<byte> Body) Error(int status)
    {
        // RFC 9112, 6.3: these have none
        var body = status is 204 or 304 ? default : answer.Body ?? Encoding.ASCII.GetBytes($"Status {status}\n");
        return (Head(status, body.Length + answer.LengthError, []), body);
    }

    private (byte[] Head, ReadOnlyMemory<byte> Body) File()
    {
        var bytes = file.Bytes;
        var range = answer.IgnoreRange || !IfRangeHolds() ? new ByteRange(0, bytes.Length) : request.RangeOf(bytes.Length);
        if (range.Length <= 0 && bytes.Length > 0)
        {
            return (Head(416, 0, [("Content-Range", $"bytes */{bytes.Length}")]), default);
        }

        var partial = range.Length < bytes.Length || (request["Range"] is not null && !answer.IgnoreRange && IfRangeHolds());
        range = partial
            ? new(range.Start > 0 ? Math.Clamp(range.Start - answer.Earlier, 0, range.End - 1) : 0, range.End - answer.Missing)
            : range;
        var content = bytes[(int)range.Start..(int)range.End];
        if (answer.WrongAt >= range.Start && answer.WrongAt < range.End)
        {
            var copy = content.ToArray();
            copy[answer.WrongAt.Value - range.Start] ^= 0x55;
            content = copy;
        }

        var error = answer.RangeError;
        List<(string, string)> headers = [("Accept-Ranges", "bytes"), ("ETag", file.ETag), ("Last-Modified", file.LastModified)];
        if (partial)
        {
            headers.Add(("Content-Range", $"bytes {range.Start + error}-{range.End - 1 + error}/{bytes.Length + error}"));
        }

        return (Head(partial ? 206 : 200, content.Length + answer.LengthError, headers), content);
    }

    private static byte[] Chunk(ReadOnlyMemory<byte> bytes) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n")), .. bytes.Span, .. "\r\n"u8];

    private bool IfRangeHolds() => request["If-Range"] is not { } validator || validator == file.ETag || validator == file.LastModified;

    private byte[] Head(int status, long length, List<(string Name, string Value)> headers)
    {
        headers.Add(
            answer.IsChunked ? ("Transfer-Encoding", "chunked") : ("Content-Length", length.ToString(CultureInfo.InvariantCulture)));
        headers.Add(("Content-Type", "application/octet-stream"));
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Status\r\n");
        foreach (
            var (name, value) in headers
                .Where(header => !answer.Headers.ContainsKey(header.Name))
                .Concat(answer.Headers.Select(h => (h.Key, h.Value))))
        {
            if (value.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }
}
