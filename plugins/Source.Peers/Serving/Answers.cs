using System.Net;
using System.Text;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Messages;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Source.Peers.Serving;

/// <summary>What all answers to peers have in common: who gets any, how many at a time, and errors with a body.</summary>
internal sealed class Answers(UploadGate gate, PeersNetworks networks, OwnMark mark, UploadMetrics metrics)
{
    private const string RetryAfter = "1"; // seconds: a piece is verified, or a place free, as soon as that

    /// <summary>Runs an endpoint, if its requester may have an answer and there is a place for it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="what">For the metrics.</param>
    /// <param name="answer">The endpoint.</param>
    public async Task GiveAsync(HttpContext context, string what, Func<HttpContext, Task> answer)
    {
        var requester = RequesterOf(context);
        if (networks.IsNobody)
        {
            await MissingAsync(context);
        }
        else if (mark.IsOwn(context.Request.Headers[OwnMark.Header].ToString()))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "This is the node that asks.");
        }
        else if (!networks.Include(requester))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "This node shares nothing with you.");
        }
        else if (gate.TryEnter(requester, context.Abort) is { } place)
        {
            using (place)
            {
                await answer(context);
            }
        }
        else
        {
            await BusyAsync(context, "Too many requests run already.");
        }

        metrics.Answered(what, context.Response.StatusCode);
    }

    public static IPAddress RequesterOf(HttpContext context) => (context.Connection.RemoteIpAddress ?? IPAddress.None).Plain();

    public static Task MissingAsync(HttpContext context) =>
        RefuseAsync(context, StatusCodes.Status404NotFound, "This node does not share that.");

    public static Task BusyAsync(HttpContext context, string reason) =>
        PostponeAsync(context, StatusCodes.Status503ServiceUnavailable, reason);

    public static Task TooManyAsync(HttpContext context, string reason) =>
        PostponeAsync(context, StatusCodes.Status429TooManyRequests, reason);

    public static async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        var body = Encoding.ASCII.GetBytes(reason + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    public static async Task SendAsync(HttpContext context, byte[] message)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = message.Length;
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
    }

    private static Task PostponeAsync(HttpContext context, int status, string reason)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        return RefuseAsync(context, status, reason);
    }
}
