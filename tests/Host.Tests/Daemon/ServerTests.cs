using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Daemon;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Daemon;

public sealed class ServerTests
{
    private static readonly IPAddress Address = IPAddress.Parse("127.92.2.1");

    [Fact]
    public async Task Stop_DownloadThatEndsInTime_IsWhole()
    {
        var go = new TaskCompletionSource();
        await using var app = await StartAsync(TimeSpan.FromMinutes(1), go.Task);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(
            app.Urls.Single(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        var stop = app.StopAsync(TestContext.Current.CancellationToken);
        await Stopping(app);
        go.SetResult();

        Assert.Equal("beginning, end", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await stop;
    }

    [Fact]
    public async Task Stop_DownloadThatNeverEnds_IsCutAndTheStopEnds()
    {
        await using var app = await StartAsync(TimeSpan.Zero, new TaskCompletionSource().Task);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(
            app.Urls.Single(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        await app.StopAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_PortInUse_IsAProblem()
    {
        using var taken = new TcpListener(Address, 0);
        taken.Start();
        var node = Node(((IPEndPoint)taken.LocalEndpoint).Port, TimeSpan.Zero);
        await using var app = Build(node);

        Assert.StartsWith(
            $"[Host] Port: {taken.LocalEndpoint} cannot be listened on: ", Assert.Single(await Server.StartAsync(app, node)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AbsoluteFormWithUpperCaseHost_ReachesTheHandler()
    {
        await using var app = await StartAsync(TimeSpan.Zero, Task.CompletedTask);
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address, new Uri(app.Urls.Single()).Port, TestContext.Current.CancellationToken);
        await socket
            .GetStream()
            .WriteAsync(
                "GET http://FTP.us.debian.org/ HTTP/1.1\r\nHost: ftp.us.debian.org\r\n\r\n"u8.ToArray(),
                TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream());

        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<WebApplication> StartAsync(TimeSpan grace, Task go)
    {
        using var free = new TcpListener(Address, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var node = Node(port, grace);
        var app = Build(node);
        app.Run(async context =>
        {
            await context.Response.WriteAsync("beginning, ");
            await context.Response.Body.FlushAsync();
            await go.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("end");
        });
        Assert.Empty(await Server.StartAsync(app, node));
        return app;
    }

    private static NodeOptions Node(int port, TimeSpan grace) =>
        new()
        {
            Bind = Address,
            Port = port,
            StopGrace = grace,
            Log = LogLevel.None,
        };

    private static WebApplication Build(NodeOptions node) => Server.CreateBuilder(node, new ServiceCollection()).Build();

    private static async Task Stopping(WebApplication app)
    {
        var stopping = new TaskCompletionSource();
        await using var registration = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;
    }
}
