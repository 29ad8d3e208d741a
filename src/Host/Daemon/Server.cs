using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AptP2P.Host.Daemon;

/// <summary>Opens the daemon's sockets, serves HTTP on them by Kestrel, and stops in limited time.</summary>
internal static partial class Server
{
    /// <summary>How long services may take to save their state, after the downloads have had their time.</summary>
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to send its request's head. Stops slow loris.</summary>
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much is read from a connection ahead of the server: the least that Kestrel's limit for heads allows. Bounds the memory of a
    /// thousand connections.
    /// </summary>
    private const long MaxUnread = 64 << 10;

    public static WebApplicationBuilder CreateBuilder(NodeOptions node, IServiceCollection features)
    {
        // Empty: nothing is read from appsettings.json, ASPNETCORE_URLS or the current folder.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddRouting().AddMetrics().AddSingleton(TimeProvider.System).AddHostedService<IdleMemory>();
        foreach (var feature in features)
        {
            builder.Services.Add(feature);
        }

        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = node.StopGrace + SaveTime;
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore; // logged; apt must still be served
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, node));
        return builder;
    }

    /// <returns>Why it cannot start; nothing when it has.</returns>
    public static async Task<string[]> StartAsync(WebApplication app, NodeOptions node)
    {
        try
        {
            if (node.Passed.EndPoint is null)
            {
                using var trial = SocketTransportOptions.CreateDefaultBoundListenSocket(node.EndPoint); // before anything starts
            }

            await app.StartAsync();
            Log(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Server).FullName!), node);
            app.Lifetime.ApplicationStopping.Register(() => Readiness.Tell(Readiness.Stopping));
            Readiness.Tell(Readiness.Ready);
            return [];
        }
        catch (Exception e) when (e is IOException or SocketException) // Kestrel's, for a port in use or one that is root's
        {
            return [$"[{NodeOptions.Section}] Port: {node.EndPoint} cannot be listened on: {e.Message}"];
        }
        catch (NotStartableException e)
        {
            return e.Problems;
        }
    }

    private static void Configure(KestrelServerOptions kestrel, NodeOptions node)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowHostHeaderOverride = true; // else an absolute-form request whose host is in upper case is answered 400
        kestrel.Limits.RequestHeadersTimeout = HeadTime;
        kestrel.Limits.MaxRequestBufferSize = MaxUnread;
        kestrel.Limits.MinResponseDataRate = null; // the connection's output knows better when a client takes nothing
        var cut = new CancellationTokenSource();
        kestrel
            .ApplicationServices.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping.Register(() => cut.CancelAfter(node.StopGrace));
        if (node.Passed.EndPoint is null)
        {
            kestrel.Listen(node.EndPoint, Listen);
        }

        foreach (var handle in node.Passed.Streams)
        {
            kestrel.ListenHandle((ulong)handle, Listen);
        }

        void Listen(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => async connection =>
            {
                await using var registration = cut.Token.Register(connection.Abort);
                await next(connection);
            });
            // Asked for when it begins to listen, not when the server is made: they need what plugins bring, which is not there by then.
            listen.Use(next => kestrel.ApplicationServices.GetServices<ConnectionStep>().Reverse()
                .Aggregate(next, (rest, step) => connection => step(connection, rest)));
        }
    }

    private static void Log(ILogger logger, NodeOptions node)
    {
        if (node.Passed.EndPoint is { } passed)
        {
            LogPassed(logger, passed);
        }

        if (node.Overruled is { } overruled)
        {
            LogOverruled(logger, overruled, node.EndPoint);
        }
    }

    [LoggerMessage(1010, LogLevel.Information, "The service manager holds {EndPoint} open: who comes while the daemon restarts waits")]
    private static partial void LogPassed(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(
        1011,
        LogLevel.Warning,
        "[Host] Bind and Port say {Configured}, but the service manager has opened {EndPoint}, and that holds. Change its socket unit, "
        + "or the configuration")]
    private static partial void LogOverruled(ILogger logger, IPEndPoint configured, IPEndPoint endPoint);
}
