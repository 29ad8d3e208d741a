using Microsoft.AspNetCore.Http;

namespace AptP2P.Source.Peers.Serving;

/// <summary>Sends bytes of a content at the pace that its requester gets.</summary>
internal sealed class UploadBody(UploadPaces paces, PeersMetrics metrics)
{
    private const int Portion = 256 << 10; // what is counted at once: of an answer that is cut, no more than this is too much in the count
    private const int PacedPortion = 32 << 10; // the smaller, the smoother and the fairer

    public async Task SendAsync(HttpContext context, ISharedContent content, ByteRange range)
    {
        var requester = Answers.RequesterOf(context);
        var pace = paces.For(requester);
        var most = pace.IsUnlimited ? Portion : PacedPortion;
        for (var at = range.Start; at < range.End;)
        {
            var portion = new ByteRange(at, Math.Min(at + most, range.End));
            var length = (int)portion.Length;
            await pace.WaitAsync(requester, length, context.RequestAborted);
            metrics.Sent(length); // before: who has the last byte must find it counted
            if (!await content.SendAsync(context, portion))
            {
                context.Abort(); // where it was shorter than it said, the peer sees a cut, and asks for the rest elsewhere
                return;
            }

            at = portion.End;
        }
    }
}
