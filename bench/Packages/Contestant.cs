using System.Net;
using System.Reflection;

namespace AptP2P.Bench.Packages;

/// <summary>A way for apt to get packages.</summary>
/// <param name="Name">For the table.</param>
/// <param name="StartAsync">Starts it on a folder for its cache, in front of an origin; nothing to start for none.</param>
/// <param name="Source">The address that stands in apt's source line.</param>
/// <param name="Keeps">Whether it has a cache, so that a second run differs from the first.</param>
internal sealed record Contestant(string Name, Func<string, Uri, Task<Server?>> StartAsync, Func<Uri, Uri> Source, bool Keeps = true)
{
    public static IReadOnlyList<Contestant> All { get; } =
    [
        new("Direct", (_, _) => Task.FromResult<Server?>(null), origin => origin, Keeps: false),
        new("nginx proxy_cache", StartNginxAsync, _ => new Uri("http://127.88.0.2:9977/")),
        new("apt-cacher-ng", StartAptCacherAsync, origin => new Uri($"http://127.88.0.3:9977/{origin.Authority}/")),
        new("AptP2P", StartAptP2PAsync, origin => new Uri($"http://127.88.0.4:9977/{origin.Authority}/")),
    ];

    private static async Task<Server?> StartNginxAsync(string state, Uri origin)
    {
        return await Nginx.StartAsync(state, IPEndPoint.Parse("127.88.0.2:9977"), $$"""
            proxy_cache_path {{state}}/cache keys_zone=packages:10m max_size=10g inactive=1d use_temp_path=off;
            upstream origin { server {{origin.Authority}}; keepalive 16; }
            server {
              listen 127.88.0.2:9977;
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
    }

    private static async Task<Server?> StartAptCacherAsync(string state, Uri origin)
    {
        var configuration = Directory.CreateDirectory(Path.Combine(state, "etc")).FullName;
        await File.WriteAllTextAsync(Path.Combine(configuration, "acng.conf"), $"""
            ForeGround: 1
            BindAddress: 127.88.0.3
            Port: 9977
            CacheDir: {Directory.CreateDirectory(Path.Combine(state, "cache")).FullName}
            LogDir: {Directory.CreateDirectory(Path.Combine(state, "log")).FullName}
            AllowUserPorts: {origin.Port}
            VerboseLog: 0

            """);
        return await Server.StartAsync(IPEndPoint.Parse("127.88.0.3:9977"), "apt-cacher-ng", "-c", configuration);
    }

    private static async Task<Server?> StartAptP2PAsync(string state, Uri origin)
    {
        var host = typeof(Contestant).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Host").Value!;
        return await Server.StartAsync(
            IPEndPoint.Parse("127.88.0.4:9977"), "dotnet", host, "--Host:Bind=127.88.0.4", "--Host:Port=9977", $"--Host:State={state}", "--Host:Log=Warning");
    }
}
