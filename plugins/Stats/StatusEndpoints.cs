using System.Net;
using AptP2P.Stats.Page;
using AptP2P.Stats.Sections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Stats;

/// <summary><c>GET /</c> and <c>GET /p2p/status</c>, for the networks that may see them.</summary>
internal sealed class StatusEndpoints(StatusReader reader, IOptions<StatsOptions> options)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/", Methods, context => AnswerAsync(context, StatusPage.Whole));
        endpoints.MapMethods("/p2p/status", Methods, context =>
            AnswerAsync(context, AcceptsHtml(context.Request) ? StatusPage.Body : null));
    }

    private async Task AnswerAsync(HttpContext context, Func<IEnumerable<SectionView>, string>? write)
    {
        var response = context.Response;
        if (!IsAllowed(context.Connection.RemoteIpAddress))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            await response.WriteAsync(
                $"The status is not for {context.Connection.RemoteIpAddress}. Whoever runs this node can add it to [Stats] Allow.\n");
            return;
        }

        var sections = await reader.ReadAsync(context.RequestAborted);
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = HeaderNames.Accept;
        if (write is null)
        {
            response.ContentType = "application/json";
            using var json = new MemoryStream();
            StatusJson.Write(json, sections);
            response.ContentLength = json.Length;
            await response.Body.WriteAsync(json.GetBuffer().AsMemory(0, (int)json.Length), context.RequestAborted);
            return;
        }

        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = StatusPage.ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        await response.WriteAsync(write(sections), context.RequestAborted);
    }

    private bool IsAllowed(IPAddress? address)
    {
        var plain = address?.Plain();
        return plain is not null && options.Value.Allow.Any(network => network.Contains(plain));
    }

    private static bool AcceptsHtml(HttpRequest request) =>
        request.GetTypedHeaders().Accept is [{ MediaType.Value: "text/html" }, ..];
}
