using AptP2P.Host.Fetching;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Sending;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy.Contents;

/// <summary>
/// Tells a client that a content cannot be had, as the origin itself would have told it. So the client's own rules hold (apt asks again
/// after some failures, and not after others), and the origin is not asked a second time.
/// </summary>
internal sealed partial class FailedFetch(OutageLog outages, ILogger<FailedFetch> logger)
{
    /// <summary>Whether the origin began to give it: the client hears that too, and the end of the body.</summary>
    public static bool HasBegun(FetchFailure failure) =>
        failure.AtOrigin is { Outcome: ChannelOutcome.Cut or ChannelOutcome.Timeout, Answer.Status: < StatusCodes.Status400BadRequest };

    /// <returns>
    /// Whether that is known. If not, the origin may have another file than its index names, and has to be asked for that.
    /// </returns>
    public async Task<bool> TryAnswerAsync(HttpContext context, Origin origin, FetchFailure failure)
    {
        var isAnswered = await TryAnswerAsync(context, failure);
        if (isAnswered)
        {
            if (IsOutage(failure))
            {
                outages.ErrorGiven(origin);
            }

            LogFailed(origin.Authority, ServedAnswer.FileName(context.Request), failure.Reason);
        }

        return isAnswered;
    }

    /// <summary>Whether it says something of the host, and not of the file.</summary>
    private static bool IsOutage(FetchFailure failure) =>
        failure.AtOrigin is { Outcome: ChannelOutcome.Cut or ChannelOutcome.Timeout, Answer: null }
            or { Answer.Status: >= StatusCodes.Status500InternalServerError };

    private static async Task<bool> TryAnswerAsync(HttpContext context, FetchFailure failure)
    {
        switch (failure.AtOrigin)
        {
            case { Answer: { Status: >= StatusCodes.Status400BadRequest } answer } result:
                await AnswerAsync(context, answer, result.RetryAfter);
                return true;
            case { Outcome: ChannelOutcome.Cut or ChannelOutcome.Timeout, Answer: null }:
                HangUp(context);
                return true;
            case { Outcome: ChannelOutcome.Refused }:
                await new ErrorAnswer(StatusCodes.Status502BadGateway, failure.Reason).SendAsync(context);
                return true;
            default:
                return false;
        }
    }

    private static async Task AnswerAsync(HttpContext context, OriginAnswer answer, TimeSpan? retryAfter)
    {
        var phrase = answer.Phrase is { Length: > 0 } said ? said : $"the mirror answered {answer.Status}";
        context.Response.OnStarting(() =>
        {
            AnswerHeaders.Mark(context.Response, ServedFrom.Miss);
            if (retryAfter is { } after)
            {
                context.Response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)Math.Ceiling(after.TotalSeconds));
            }

            return Task.CompletedTask;
        });
        await new ErrorAnswer(answer.Status, phrase) { HasBody = answer.HasBody }.SendAsync(context);
    }

    /// <summary>
    /// Ends the connection without an answer, as the origin did: apt connects again at once, and counts that otherwise than any status.
    /// </summary>
    private static void HangUp(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        if (context.Features.Get<SocketOutput>() is { } output)
        {
            output.HangUp();
        }
        else
        {
            context.Abort();
        }
    }

    [LoggerMessage(1153, LogLevel.Warning, "Nothing could be had from {Origin} of {File}: {Reason}")]
    private partial void LogFailed(string origin, string file, string reason);
}
