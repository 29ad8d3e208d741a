using System.Net;

namespace AptP2P.Shared.Http;

/// <summary>What a status other than 200 and 206 means for a channel (RFC 9110, 15).</summary>
internal static class HttpStatus
{
    public static ChannelResult? FailureOf(HttpResponseMessage response, TimeProvider time)
    {
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
        {
            return null;
        }

        var outcome = OutcomeOf(response.StatusCode);
        return new ChannelResult(
            outcome, $"status {(int)response.StatusCode}", outcome == ChannelOutcome.Busy ? RetryAfterOf(response, time) : null);
    }

    /// <summary>What a client would have heard.</summary>
    public static OriginAnswer AnswerOf(HttpResponseMessage response) =>
        new((int)response.StatusCode, response.ReasonPhrase, response.Content.Headers.ContentLength != 0);

    private static ChannelOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ChannelOutcome.Gone,
        HttpStatusCode.RequestedRangeNotSatisfiable => ChannelOutcome.Gone, // it is shorter than the content: another file
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => ChannelOutcome.Busy,
        HttpStatusCode.BadRequest or < HttpStatusCode.BadRequest => ChannelOutcome.Protocol, // 3xx: no redirect that could be followed
        _ => ChannelOutcome.Refused,
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, TimeProvider time)
    {
        var after = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }
}
