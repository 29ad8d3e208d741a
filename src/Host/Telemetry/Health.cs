namespace AptP2P.Host.Telemetry;

/// <summary>
/// Says whether this daemon can serve, to programs that go elsewhere if it cannot (packaging/detect). Anybody may ask, so it says nothing
/// else.
/// </summary>
internal static class Health
{
    public const string Path = "/p2p/health";

    private static readonly byte[] Serves = "apt-p2p can serve\n"u8.ToArray();

    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path, context =>
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Serves.Length;
        return context.Response.Body.WriteAsync(Serves, context.RequestAborted).AsTask();
    });
}
