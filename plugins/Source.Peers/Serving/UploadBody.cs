using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// Sends bytes of a content at the pace that its requester gets, and ends the answer when the requester takes them too slowly. To wait for
/// that pace is not the requester's fault.
/// </summary>
internal sealed partial class UploadBody(
    UploadPaces paces, UploadMetrics metrics, PeerLedger ledger, IOptions<PeersOptions> options, TimeProvider time,
    ILogger<UploadBody> logger)
{
    private const int Portion = 256 << 10; // what is counted at once: of an answer that is cut, no more than this is too much in the count
    private const int PacedPortion = 32 << 10; // the smaller, the smoother and the fairer

    public async Task SendAsync(HttpContext context, ISharedContent content, ByteRange range)
    {
        var requester = Answers.RequesterOf(context);
        var pace = paces.For(requester);
        var most = pace.IsUnlimited ? Portion : PacedPortion;
        using var patience = new UploadPatience(options.Value, time, () =>
        {
            LogSlow(requester, range);
            context.Abort();
        });
        var account = ledger.Open(requester);
        var started = time.GetTimestamp();
        for (var at = range.Start; at < range.End;)
        {
            var portion = new ByteRange(at, Math.Min(at + most, range.End));
            var length = (int)portion.Length;
            await pace.WaitAsync(requester, length, context.RequestAborted);
            metrics.Sent(length); // before: who has the last byte must find it counted
            account.Sent(length);
            if (!await patience.WatchAsync(content.SendAsync(context, portion), length))
            {
                context.Abort(); // where it was shorter than it said, the peer sees a cut, and asks for the rest elsewhere
                return;
            }

            at = portion.End;
        }

        account.Ended(range.Length, time.GetElapsedTime(started));
    }

    [LoggerMessage(4031, LogLevel.Debug, "{Requester} takes {Range} too slowly; the answer is ended, others may have its place")]
    private partial void LogSlow(IPAddress requester, ByteRange range);
}
