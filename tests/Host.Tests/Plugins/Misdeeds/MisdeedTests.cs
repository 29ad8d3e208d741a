using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using AptP2P.Host.Plugins;
using AptP2P.Host.Plugins.Loading;
using AptP2P.Host.Tests.Proxy;
using AptP2P.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>
/// What plugins can do wrong, row by row (<see cref="Misdeed"/>). Whatever it is: the daemon starts and stops, apt gets its files, the page
/// is there and names the plugin, and the plugin that comes after it works.
/// </summary>
public sealed class MisdeedTests : IDisposable
{
    private static readonly TimeSpan SectionTime = TimeSpan.FromSeconds(2); // [Stats] SectionTime

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("misdeeds");
    private readonly VirtualTime _hosts = new();
    private readonly VirtualTime _limits = new();
    private readonly LogLines<PluginSet> _log = new();
    private readonly Trap _trap = new();
    private readonly GoodPlugin _good = new();

    public static TheoryData<string> Names => [.. Misdeed.All.Select(row => row.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _trap.Dispose();
        _folder.Delete(recursive: true); // not what the link points to
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Plugin_DoesWrong_DaemonAptPageAndNeighboursAreWell(string misdeed)
    {
        var row = Misdeed.All.Single(row => row.Name == misdeed);
        var bad = new BadPlugin();
        row.Do(bad, _trap);
        var rig = await DriveAsync(StartAsync(bad));
        try
        {
            await AssertServesAptAsync(rig);
            if (row.Answer is { } answer)
            {
                Assert.Equal(answer, (await GetAsync(rig, "/p2p/bad")).Status);
            }

            var entry = rig.Plugins.Entries.Single(entry => entry.Plugin == bad || entry.Name is nameof(BadPlugin) or BadPlugin.Called);
            if (row.Reason is not null)
            {
                await entry.Gone.WaitAsync(Cancellation);
            }

            await AssertPageAsync(rig, row, entry);
            Assert.Equal("started", _good.Service.State);
        }
        finally
        {
            await DriveAsync(StopAsync(rig));
        }

        Assert.Equal("stopped", _good.Service.State);
        if ((row.Reason ?? row.AtStop) is { } said)
        {
            Assert.Contains(_log.Texts, line => line.Contains(said, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Plugin_FailsLater_NothingOfItIsLeft()
    {
        var fail = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        var bad = new BadPlugin
        {
            Services = services =>
                services
                    .AddSingleton<IStatusSection>(new Section("bad", _ => new([new StatusValue("on", "On", true)])))
                    .AddSingleton<ISource>(new Testing.InMemory.InMemorySource("bad", SourceRole.Peers))
                    .AddSingleton<Microsoft.Extensions.Hosting.IHostedService>(
                        new Service { Stop = () => Task.FromResult(stopped.TrySetResult()) })
                    .AddSingleton<Microsoft.Extensions.Hosting.IHostedService>(new Work(_ => fail.Task)),
            Endpoints = map => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(map, "/p2p/bad", () => "here"),
        };
        await using var rig = await StartAsync(bad);
        Assert.Equal((HttpStatusCode.OK, "here"), await GetAsync(rig, "/p2p/bad"));

        fail.SetException(new InvalidOperationException("broken on purpose"));
        await stopped.Task.WaitAsync(Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(rig, "/p2p/bad")).Status);
        var status = JsonNode.Parse((await GetAsync(rig, "/p2p/status")).Text)!;
        Assert.Equal("the plugin Bad is left out", status["bad"]!["error"]!.GetValue<string>());
        var source = rig.Services.GetServices<ISource>().Single(source => source.Name == "bad");
        Assert.Empty(await source.OpenAsync(new Content(default, 1, []), SearchEffort.Search, Cancellation).ToListAsync(Cancellation));
        await AssertServesAptAsync(rig);
    }

    private Task<ProxyRig> StartAsync(BadPlugin bad)
    {
        const string Stats = "Stats";
        var host = typeof(MisdeedTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Host")
            .Value!;
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, Stats), Path.Combine(Path.GetDirectoryName(host)!, "plugins", Stats));
        return ProxyRig.StartAsync(
            "127.90.2.1",
            services => services.AddSingleton<TimeProvider>(_hosts).AddSingleton<ILogger<PluginSet>>(_log),
            async (node, settings) =>
            {
                var plugins = await PluginSet.LoadAsync(node, settings, _limits);
                await plugins.AddAsync(bad, settings);
                await plugins.AddAsync(_good, settings);
                return plugins;
            },
            mayFail: true,
            $"--Host:Plugins={_folder.FullName}");
    }

    private static async Task<bool> StopAsync(ProxyRig rig)
    {
        await rig.DisposeAsync();
        return true;
    }

    /// <summary>Lets the plugins' time run out whenever one is in the trap.</summary>
    private async Task<T> DriveAsync<T>(Task<T> work)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        while (await Task.WhenAny(work, _trap.EnteredAsync(done.Token)) != work)
        {
            _limits.FireNext(); // it was set before the call was made, and no other is set
        }

        await done.CancelAsync();
        return await work;
    }

    private static async Task AssertServesAptAsync(ProxyRig rig)
    {
        var package = (await rig.PublishAsync(1))[0];
        using var socket = await rig.ConnectAsync();
        await using var stream = new System.Net.Sockets.NetworkStream(socket);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(rig.Get(package)), Cancellation);
        var answer = Assert.Single(await ProxyRig.ReadAsync(stream, 1));
        Assert.Equal(200, answer.Status);
        Assert.Equal(package.Bytes, answer.Body);
    }

    private async Task AssertPageAsync(ProxyRig rig, Misdeed row, PluginEntry bad)
    {
        var first = GetAsync(rig, "/p2p/status");
        if (row.Error == "took too long")
        {
            await _trap.EnteredAsync(Cancellation);
            while (!first.IsCompleted)
            {
                _hosts.Advance(SectionTime); // others may be late now as well: this answer is not looked at
                await Task.Yield();
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        JsonNode status;
        do
        {
            status = JsonNode.Parse((await GetAsync(rig, "/p2p/status")).Text)!;
        // who was late may be at it still
        } while (row.Error == "took too long" && (status["node"]!["error"] ?? status["good"]!["error"]) is not null);

        var plugins = status["node"]!["plugins"]!.AsArray();
        var state = plugins
            .Where(plugin => plugin!["name"]!.GetValue<string>() == bad.Name)
            .Select(plugin => plugin!["state"]!.GetValue<string>())
            .Last();
        Assert.StartsWith(row.Reason is null ? "works" : "left out: ", state, StringComparison.Ordinal);
        Assert.Contains(row.Reason ?? "", state, StringComparison.Ordinal);
        Assert.Equal("works", plugins.Single(plugin => plugin!["name"]!.GetValue<string>() == "Good")!["state"]!.GetValue<string>());
        Assert.True(status["good"]!["on"]!.GetValue<bool>());
        Assert.Equal(row.Error, status["bad"]?["error"]?.GetValue<string>());

        var page = await GetAsync(rig, "/");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(bad.Name, page.Text, StringComparison.Ordinal);
        Assert.InRange(page.Text.Length, 0, 1 << 20);
    }

    /// <summary>Whether a section took too long; one that has not answered yet, ever, is not known by its key either.</summary>
    private static bool IsLate(JsonNode? section) => section is null || section["error"] is not null;

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(ProxyRig rig, string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{rig.EndPoint}{path}"), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
