using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using AptP2P.Host.Proxy.Requests;

namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>What a CONNECT request says.</summary>
/// <param name="Target">Where the tunnel is to lead: host and port.</param>
/// <param name="IsOfBrowser">Whether a browser sends it.</param>
internal sealed record TunnelRequest(string Target, bool IsOfBrowser)
{
    // as for other requests: a client that sends its head more slowly holds a connection for nothing
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(10);

    /// <summary>Reads the head of a request, and nothing behind it.</summary>
    /// <returns>Nothing when what came is no head.</returns>
    public static async Task<TunnelRequest?> ReadAsync(PipeReader input, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(HeadTime, time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(limit.Token);
                if (TryRead(result.Buffer, out var request, out var end))
                {
                    input.AdvanceTo(end);
                    return request;
                }

                if (result.IsCompleted || result.Buffer.Length > RequestHead.MaxLength)
                {
                    input.AdvanceTo(result.Buffer.End);
                    return null;
                }

                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static bool TryRead(in ReadOnlySequence<byte> bytes, out TunnelRequest? request, out SequencePosition end)
    {
        (request, end) = (null, bytes.Start);
        var reader = new SequenceReader<byte>(bytes);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8))
        {
            return false;
        }

        end = reader.Position;
        var text = bytes.Slice(0, end).ToArray();
        request = RequestHead.TryParse(text, out var head)
            ? new TunnelRequest(Encoding.ASCII.GetString(head.Target), head.IsOfBrowser)
            : ReadOld(text);
        return true;
    }

    /// <summary>HTTP/1.0 has no <c>Host</c>, and CONNECT needs none.</summary>
    private static TunnelRequest? ReadOld(ReadOnlySpan<byte> head) =>
        Encoding.Latin1.GetString(head[..head.IndexOf("\r\n"u8)]).Split(' ') is [_, var target, "HTTP/1.0"]
            ? new TunnelRequest(target, IsOfBrowser: false)
            : null;
}
