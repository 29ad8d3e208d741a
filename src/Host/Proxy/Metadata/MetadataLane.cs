using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Proxy.Indexes;
using AptP2P.Host.Proxy.PassThrough;
using AptP2P.Host.Sending;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy.Metadata;

/// <summary>
/// Serves files that change under their name (InRelease, Release, Release.gpg). While there is no good copy, what the origin says is passed
/// through, as for all other files without a known hash. With one, the origin is asked for all clients at once, and nobody waits for longer
/// than that is worth.
/// </summary>
internal sealed class MetadataLane(
    PassThroughLane passThrough, CatalogRefresh refresh, IndexBacklog backlog, MetadataCopies copies, MetadataQuestions questions,
    OriginHealth health, AnswerMetrics metrics, TimeProvider time)
{
    public async Task ServeAsync(HttpContext context, Origin origin, bool isPrivate)
    {
        await using var copy = isPrivate ? null : copies.Open(origin);
        var isGood = copy is null ? !isPrivate && copies.HasReleaseInstead(origin) // then the good answer is that there is none
            : !(copy.Headers.ValidUntil < time.GetUtcNow()); // apt refuses what is no longer valid, and would be better off with nothing
        if (!isGood)
        {
            await passThrough.ServeAsync(context, origin, isPrivate);
            return;
        }

        var isAway = health.IsAway(origin.Authority);
        var question = questions.Join(origin);
        try
        {
            var answer = question is null || isAway ? null : await questions.WaitAsync(question, context.RequestAborted);
            await GiveAsync(context, origin, copy, answer);
        }
        finally
        {
            question?.Leave();
        }
    }

    private async Task GiveAsync(HttpContext context, Origin origin, MetadataCopy? before, MetadataAnswer? answer)
    {
        switch (answer?.What)
        {
            case null when before is null:
                var reason = $"{origin.Authority} is in trouble; it had Release in the place of InRelease";
                await new ErrorAnswer(StatusCodes.Status404NotFound, reason).SendAsync(context);
                break;
            case null:
                health.Outages.CopyGiven(origin.Authority);
                await SendAsync(context, ServedFrom.Stale, StatusCodes.Status200OK, before.Headers, before.Body);
                break;
            case MetadataAnswer.Give.Answer:
                foreach (var (name, value) in answer.More)
                {
                    context.Response.Headers[name] = value;
                }

                await SendAsync(context, ServedFrom.Miss, answer.Status, answer.Headers!, answer.Body!);
                break;
            case MetadataAnswer.Give.Stream:
                await passThrough.ServeAsync(context, origin, isPrivate: false);
                break;
            default:
                await using (var now = copies.Open(origin) ?? before!)
                {
                    var from = answer.What == MetadataAnswer.Give.NewCopy ? ServedFrom.Miss : ServedFrom.Hit;
                    await SendAsync(context, from, StatusCodes.Status200OK, now.Headers, now.Body);
                }

                if (answer.What == MetadataAnswer.Give.NewCopy && context.Response.StatusCode == StatusCodes.Status304NotModified)
                {
                    // The client has it already, and so asks for no index that it names; what it asks for next is named there.
                    backlog.Until(refresh.Observe304(origin, DateTimeOffset.MaxValue), origin);
                }

                break;
        }
    }

    private async Task SendAsync(HttpContext context, ServedFrom from, int status, MetadataHeaders headers, MetadataBody body)
    {
        var response = context.Response;
        AnswerHeaders.Mark(response, from);
        var typed = response.GetTypedHeaders();
        typed.LastModified = headers.LastModified;
        typed.Date = headers.Date;
        response.ContentType = headers.ContentType;
        response.Headers.ETag = headers.ETag;
        response.StatusCode = status;
        if (from == ServedFrom.Stale)
        {
            var age = time.GetUtcNow() - headers.Date;
            response.Headers.Age = ((long)Math.Max(0, age.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            // RFC 7234, 5.5
            response.Headers[HeaderNames.Warning] = (string[])["110 apt-p2p \"Response is Stale\"", "111 apt-p2p \"Revalidation Failed\""];
        }

        var sent = 0L;
        if (status == StatusCodes.Status200OK && MetadataConditions.IsNotModified(context.Request.GetTypedHeaders(), headers))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
        }
        else
        {
            response.ContentLength = body.Range.Length;
            if (HttpMethods.IsGet(context.Request.Method) && body.Range.Length > 0)
            {
                await new ContentBody(context, metrics.Sending(from)).SendAsync(body, body.Range);
                sent = body.Range.Length;
            }
        }

        metrics.Answered(context, from, sent, originBytes: from == ServedFrom.Miss ? body.Range.Length : 0);
    }
}
