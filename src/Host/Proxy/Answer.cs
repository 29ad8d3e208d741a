using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AptP2P.Host.Proxy;

/// <summary>What every answer of the proxy has in common.</summary>
internal static class Answer
{
    public const string Via = "1.1 apt-p2p";

    public static void Mark(HttpResponse response, ServedFrom from)
    {
        response.Headers.Via = Via;
        response.Headers["X-Cache"] = from.ToHeader();
    }

    /// <summary>An error with a body and its type: without them apt takes every error for a lasting one, which is for an origin to say.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string reason, bool hasBody = true)
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
            response.ReasonPhrase = new string([.. reason.Where(c => c is >= ' ' and <= '~')]);
        }

        context.Response.Headers.Via = Via;
        context.Response.ContentType = hasBody ? "text/plain; charset=utf-8" : null;
        var body = hasBody ? Encoding.UTF8.GetBytes(reason + "\n") : [];
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
