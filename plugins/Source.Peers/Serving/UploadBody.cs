using Microsoft.AspNetCore.Http;

namespace AptP2P.Source.Peers.Serving;

/// <summary>Sends bytes of a content at the pace that its requester gets.</summary>
internal sealed class UploadBody(UploadPaces paces, PeersMetrics metrics)
{
    private const int Portion = 256 << 10; // read straight into the connection's buffer; faster than sendfile on what was measured
    private const int PacedPortion = 32 << 10; // the smaller, the smoother and the fairer

    public async Task SendAsync(HttpContext context, ISharedContent content, ByteRange range)
    {
        var requester = Answers.RequesterOf(context);
        var pace = paces.For(requester);
        var portion = pace.IsUnlimited ? Portion : PacedPortion;
        await context.Response.StartAsync(context.RequestAborted); // else the body is copied behind the headers when they are written
        var writer = context.Response.BodyWriter;
        for (var at = range.Start; at < range.End;)
        {
            var wanted = (int)Math.Min(portion, range.End - at);
            await pace.WaitAsync(requester, wanted, context.RequestAborted);
            var read = await content.ReadAsync(at, writer.GetMemory(wanted)[..wanted], context.RequestAborted);
            if (read == 0)
            {
                context.Abort(); // shorter than it said: the peer sees a cut, and asks for the rest elsewhere
                return;
            }

            writer.Advance(read);
            metrics.Sent(read);
            at += read;
            if ((await writer.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return; // the peer has gone
            }
        }
    }
}
