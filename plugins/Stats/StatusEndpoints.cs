using System.Net;
using System.Text;
using AptP2P.Stats.Help;
using AptP2P.Stats.Live;
using AptP2P.Stats.Page;
using AptP2P.Stats.Sections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace AptP2P.Stats;

/// <summary>The page, its stream, its help and its data, for the networks that may see them.</summary>
internal sealed class StatusEndpoints(StatusReader reader, LivePage page, PageStream stream, IOptions<StatsOptions> options)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private int _streams; // open now

    public void Map(IEndpointRouteBuilder endpoints)
    {
        Map("/", context => WritePageAsync(context));
        Map("/p2p/help", context => WriteAsync(context, "text/html; charset=utf-8", Document.Of(ProblemHelp.Html)));
        Map("/p2p/status", WriteDataAsync);
        Map("/p2p/status/stream", WriteStreamAsync);

        void Map(string path, RequestDelegate answer) => endpoints.MapMethods(path, Methods, context => AnswerAsync(context, answer));
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Document.ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        if (IsAllowed(context.Connection.RemoteIpAddress))
        {
            await answer(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsync(
            $"The status is not for {context.Connection.RemoteIpAddress}. Whoever runs this node can add it to [Stats] Allow.\n");
    }

    private async Task WritePageAsync(HttpContext context)
    {
        var parts = await page.ReadAsync(context.Request.Query["span"]);
        await WriteAsync(context, "text/html; charset=utf-8", Document.Of(parts));
    }

    private async Task WriteDataAsync(HttpContext context)
    {
        var status = await reader.ReadAsync(context.RequestAborted);
        using var json = new MemoryStream();
        StatusJson.Write(json, status);
        await WriteAsync(context, "application/json", json.GetBuffer().AsMemory(0, (int)json.Length));
    }

    private async Task WriteStreamAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) <= options.Value.Streams)
            {
                var events = stream.ReadAsync(context.Request.Query["span"], context.RequestAborted);
                await TypedResults.ServerSentEvents(events).ExecuteAsync(context);
                return;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync("As many pages are open as [Stats] Streams allows.\n", context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, string type, string text) =>
        WriteAsync(context, type, Encoding.UTF8.GetBytes(text));

    private static async Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted); // of a HEAD, the server leaves it out
    }

    private bool IsAllowed(IPAddress? address)
    {
        var plain = address?.Plain();
        return plain is not null && options.Value.Allow.Any(network => network.Contains(plain));
    }
}
