using System.Net;

namespace AptP2P.Bench;

/// <summary>A way for apt to get packages.</summary>
/// <param name="Name">For the table.</param>
/// <param name="StartAsync">Starts it on a folder for its cache, in front of an origin; nothing to start for none.</param>
/// <param name="Source">The address that stands in apt's source line.</param>
/// <param name="Keeps">Whether it has a cache, so that a second run differs from the first.</param>
internal sealed record Contestant(string Name, Func<string, Uri, Task<Server?>> StartAsync, Func<Uri, Uri> Source, bool Keeps = true)
{
    public const string Direct = "Direct";
    public const string Nginx = "nginx proxy_cache";
    public const string AptCacher = "apt-cacher-ng";
    public const string AptP2P = "AptP2P";

    /// <summary>All of them, on addresses of one block, such as <c>127.88.0</c>: the origin is its first.</summary>
    public static IReadOnlyList<Contestant> In(string block)
    {
        var (nginx, cacher, ours) = (
            IPEndPoint.Parse($"{block}.2:9977"), IPEndPoint.Parse($"{block}.3:9977"), IPEndPoint.Parse($"{block}.4:9977"));
        return
        [
            new(Direct, (_, _) => Task.FromResult<Server?>(null), origin => origin, Keeps: false),
            new(Nginx, async (state, origin) => await StartNginxAsync(nginx, state, origin), _ => new Uri($"http://{nginx}/")),
            new(
                AptCacher, async (state, origin) => await StartAptCacherAsync(cacher, state, origin),
                origin => new Uri($"http://{cacher}/{origin.Authority}/")),
            new(
                AptP2P, async (state, _) => (await Daemon.StartAsync(ours, state)).Process,
                origin => new Uri($"http://{ours}/{origin.Authority}/")),
        ];
    }

    private static Task<Server> StartNginxAsync(IPEndPoint endPoint, string state, Uri origin) =>
        Bench.Nginx.StartAsync(state, endPoint, $$"""
            proxy_cache_path {{state}}/cache keys_zone=packages:10m max_size=10g inactive=1d use_temp_path=off;
            upstream origin { server {{origin.Authority}}; keepalive 16; }
            server {
              listen {{endPoint}};
              location / {
                proxy_pass http://origin;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_cache packages;
                proxy_cache_valid 200 1d;
                proxy_max_temp_file_size 0;
              }
            }
            """);

    private static async Task<Server> StartAptCacherAsync(IPEndPoint endPoint, string state, Uri origin)
    {
        var configuration = Directory.CreateDirectory(Path.Combine(state, "etc")).FullName;
        await File.WriteAllTextAsync(Path.Combine(configuration, "acng.conf"), $"""
            ForeGround: 1
            BindAddress: {endPoint.Address}
            Port: {endPoint.Port}
            CacheDir: {Directory.CreateDirectory(Path.Combine(state, "cache")).FullName}
            LogDir: {Directory.CreateDirectory(Path.Combine(state, "log")).FullName}
            AllowUserPorts: {origin.Port}
            VerboseLog: 0

            """);
        return await Server.StartAsync(endPoint, "apt-cacher-ng", "-c", configuration);
    }
}
