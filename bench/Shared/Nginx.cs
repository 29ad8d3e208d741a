using System.Net;

namespace AptP2P.Bench;

/// <summary>nginx with a configuration of its own, as the origin and as a contestant.</summary>
internal static class Nginx
{
    public static async Task<Server> StartAsync(string state, IPEndPoint endPoint, string http)
    {
        Directory.CreateDirectory(state);
        var file = Path.Combine(state, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off;
            worker_processes 1;
            pid {{state}}/nginx.pid;
            error_log {{state}}/error.log;
            events { worker_connections 1024; }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 100000000;
              client_body_temp_path {{state}}/body;
              proxy_temp_path {{state}}/proxy;
              fastcgi_temp_path {{state}}/fastcgi;
              uwsgi_temp_path {{state}}/uwsgi;
              scgi_temp_path {{state}}/scgi;
              {{http}}
            }
            """);
        return await Server.StartAsync(endPoint, "nginx", "-c", file, "-e", Path.Combine(state, "error.log"));
    }

    public static Task<Server> ServeAsync(string state, IPEndPoint endPoint, string root) =>
        StartAsync(state, endPoint, $$"""server { listen {{endPoint}}; root {{root}}; }""");
}
