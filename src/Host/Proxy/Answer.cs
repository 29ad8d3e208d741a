using System.Text;
using AptP2P.Shared;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AptP2P.Host.Proxy;

/// <summary>What every answer of the proxy has in common.</summary>
internal static class Answer
{
    public const string Via = "1.1 apt-p2p";

    public static void Mark(HttpResponse response, ServedFrom from)
    {
        response.Headers.Via = Via;
        response.Headers["X-Cache"] = from.ToHeader();
        WebPages.ConfineForeign(response);
    }

    /// <summary>A reason as a status line takes it.</summary>
    public static string Phrase(string reason) => new([.. reason.Where(c => c is >= ' ' and <= '~')]);

    /// <summary>
    /// An error with a body and its type: without them apt takes every error for a lasting one, which is for an origin to say.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="status">Its status.</param>
    /// <param name="reason">What to tell the client.</param>
    /// <param name="hasBody">Whether it has a body.</param>
    /// <param name="length">The file's, where the range is wrong (RFC 9110, section 15.5.17).</param>
    public static Task ErrorAsync(HttpContext context, int status, string reason, bool hasBody = true, long? length = null)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        if (context.Features.Get<IHttpResponseFeature>() is { } response)
        {
            // apt shows the reason phrase, and nothing else of the answer, to its user.
            response.ReasonPhrase = Phrase(reason);
        }

        context.Response.Headers.Via = Via;
        WebPages.Confine(context.Response.Headers); // shown, since it is ours: browsers say nothing of an error that is to be saved
        context.Response.Headers.Allow = status == StatusCodes.Status405MethodNotAllowed ? "GET, HEAD" : default;
        context.Response.Headers.ContentRange = length is null ? default : new StringValues($"bytes */{length}");
        context.Response.ContentType = hasBody ? "text/plain; charset=utf-8" : null;
        var body = hasBody ? Encoding.UTF8.GetBytes(Printable.Of(reason) + "\n") : [];
        context.Response.ContentLength = body.Length;
        return context.Request.Method == HttpMethods.Head
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
