using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Telemetry;

/// <summary>Why apt is better off without this daemon now; none while it is not.</summary>
internal delegate IReadOnlyList<string> HealthReasons();

/// <summary>
/// Says whether this daemon can serve, to programs that go elsewhere if it cannot (packaging/detect). Anybody may ask, so the reasons name
/// nothing of this machine, and it says nothing else.
/// </summary>
internal static class Health
{
    public const string Path = "/p2p/health";

    private const string Json = "application/json";

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var find = endpoints.ServiceProvider.GetRequiredService<HealthReasons>();
        endpoints.MapGet(Path, context =>
        {
            var reasons = find();
            var isJson = WantsJson(context.Request);
            var body = isJson ? InJson(reasons) : InText(reasons);
            context.Response.StatusCode = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.ContentType = isJson ? Json : "text/plain";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        });
    }

    private static bool WantsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
        && types.Any(static type => type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase));

    private static byte[] InText(IReadOnlyList<string> reasons) => Encoding.ASCII.GetBytes(
        reasons.Count == 0
            ? "apt-p2p can serve\n"
            : string.Concat(reasons.Select(static reason => $"apt-p2p cannot serve: {reason}\n")));

    private static byte[] InJson(IReadOnlyList<string> reasons)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("status", reasons.Count == 0 ? "ok" : "failing");
            json.WriteStartArray("reasons");
            foreach (var reason in reasons)
            {
                json.WriteStringValue(reason);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.ToArray();
    }
}
