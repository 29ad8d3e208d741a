using System.Text;
using AptP2P.Shared;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AptP2P.Host.Proxy.Answers;

/// <summary>
/// An answer that says why there is no file. It has a body and a type: without them apt takes an error for a permanent one, and only an
/// origin may say that.
/// </summary>
/// <param name="Status">The status.</param>
/// <param name="Reason">What the client is told.</param>
internal sealed record ErrorAnswer(int Status, string Reason)
{
    /// <summary>Whether it has a body.</summary>
    public bool HasBody { get; init; } = true;

    /// <summary>The file's length, where the range that was asked for lies outside of it (RFC 9110, section 15.5.17).</summary>
    public long? FileLength { get; init; }

    /// <summary>The reason as a status line can carry it. apt shows that line to its user, and nothing else of the answer.</summary>
    public string Phrase => new([.. Reason.Where(c => c is >= ' ' and <= '~')]);

    /// <summary>The reason as a body's text.</summary>
    public string Text => Printable.Of(Reason) + "\n";

    public Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        response.Clear();
        response.StatusCode = Status;
        if (context.Features.Get<IHttpResponseFeature>() is { } line)
        {
            line.ReasonPhrase = Phrase;
        }

        response.Headers.Via = AnswerHeaders.Via;
        Sandbox.Confine(response.Headers); // shown, since it is ours: browsers say nothing of an error that is to be saved
        response.Headers.Allow = Status == StatusCodes.Status405MethodNotAllowed ? "GET, HEAD" : default;
        response.Headers.ContentRange = FileLength is null ? default : new StringValues($"bytes */{FileLength}");
        response.ContentType = HasBody ? "text/plain; charset=utf-8" : null;
        var body = HasBody ? Encoding.UTF8.GetBytes(Text) : [];
        response.ContentLength = body.Length;
        return context.Request.Method == HttpMethods.Head
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
