using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Fetching;
using AptP2P.Host.Plugins;
using AptP2P.Host.Proxy;
using AptP2P.Host.Sharing;
using AptP2P.Host.Telemetry;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy;

/// <summary>The host on an address of its own, with a mirror in memory for the archive <c>archive.test</c>.</summary>
internal sealed class ProxyRig : IAsyncDisposable
{
    private const string Archive = "http://archive.test/debian/";

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("proxy");
    private WebApplication? _app;
    private PluginSet? _plugins;

    private ProxyRig(IPEndPoint endPoint) => EndPoint = endPoint;

    public IPEndPoint EndPoint { get; }

    public InMemorySource Mirror { get; } = new("mirror", SourceRole.Origin);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IServiceProvider Services => _app!.Services;

    public PluginSet Plugins => _plugins!;

    public Fetcher Fetcher => Services.GetRequiredService<Fetcher>();

    public static Task<ProxyRig> StartAsync(string address, params string[] arguments) => StartAsync(address, _ => { }, arguments);

    /// <param name="address">Where.</param>
    /// <param name="change">Puts other services in the place of the host's own.</param>
    /// <param name="arguments">Further settings. Plugins are loaded if they name a folder.</param>
    public static Task<ProxyRig> StartAsync(string address, Action<IServiceCollection> change, params string[] arguments) =>
        StartAsync(
            address, change,
            async (node, settings) => node.Plugins.Length > 0 ? await PluginSet.LoadAsync(node, settings) : new PluginSet(node),
            mayFail: false, arguments);

    /// <param name="address">Where.</param>
    /// <param name="change">Puts other services in the place of the host's own.</param>
    /// <param name="load">Loads the plugins.</param>
    /// <param name="mayFail">Whether plugins may be left out.</param>
    /// <param name="arguments">Further settings.</param>
    public static async Task<ProxyRig> StartAsync(
        string address, Action<IServiceCollection> change, Func<NodeOptions, Settings, Task<PluginSet>> load, bool mayFail,
        params string[] arguments)
    {
        using var free = new TcpListener(IPAddress.Parse(address), 0);
        free.Start();
        var rig = new ProxyRig((IPEndPoint)free.LocalEndpoint);
        free.Stop();
        await rig.RunAsync(change, load, mayFail, arguments);
        return rig;
    }

    /// <summary>Packages of the archive, which the catalog knows and the mirror has.</summary>
    public async Task<ProxyPackage[]> PublishAsync(int count, int length = 100)
    {
        ProxyPackage[] packages =
        [
            .. Enumerable.Range(0, count).Select(number => new ProxyPackage(number, TestContent.Bytes(length, seed: number))),
        ];
        await NameAsync([.. packages.Select(package => ($"pool/{package.Name}", package.Hash, (long)length))]);
        Assert.All(packages, package => Mirror.Add(package.Hash, package.Channel).EndSearch(package.Hash));
        return packages;
    }

    /// <summary>Has the archive's index name these files.</summary>
    public async Task NameAsync(params (string Path, ContentHash Hash, long Length)[] files)
    {
        var index = Packages(files);
        var learning = Services.GetRequiredService<CatalogLearning>();
        await learning.LearnReleaseAsync(Origin($"{Archive}dists/test/InRelease"), Release(("main/Packages", index)), Cancellation);
        var learned = await learning.LearnIndexAsync(
            Origin($"{Archive}dists/test/main/Packages"), ContentHash.Of(index),
            () => ValueTask.FromResult<Stream>(new MemoryStream(index)), Cancellation);
        Assert.Equal(LearnOutcome.Learned, learned.Outcome);
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(EndPoint, Cancellation);
        return socket;
    }

    public string Get(ProxyPackage package, string more = "") =>
        $"GET /archive.test/debian/pool/{package.Name} HTTP/1.1\r\nHost: {EndPoint}\r\n{more}\r\n";

    /// <summary>Reads answers that have a length.</summary>
    public static async Task<(int Status, byte[] Body)[]> ReadAsync(Stream stream, int count)
    {
        var answers = new List<(int, byte[])>();
        for (var i = 0; i < count; i++)
        {
            var (status, length) = (0, 0);
            for (var line = await ReadLineAsync(stream); line.Length > 0; line = await ReadLineAsync(stream))
            {
                status = line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(line.AsSpan(9, 3), provider: null) : status;
                length = line.StartsWith("Content-Length: ", StringComparison.Ordinal)
                    ? int.Parse(line.AsSpan(16), provider: null)
                    : length;
            }

            var body = new byte[length];
            await stream.ReadExactlyAsync(body, Cancellation);
            answers.Add((status, body));
        }

        return [.. answers];
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            await app.StopAsync(Cancellation);
            await app.DisposeAsync();
            await _plugins!.DisposeAsync();
        }

        _state.Delete(recursive: true);
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, Cancellation) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }

    private async Task RunAsync(
        Action<IServiceCollection> change, Func<NodeOptions, Settings, Task<PluginSet>> load, bool mayFail, string[] arguments)
    {
        var settings = Settings.Read(
            CommandLine.Read([
                $"--Host:State={_state.FullName}",
                $"--Host:Bind={EndPoint.Address}",
                $"--Host:Port={EndPoint.Port}",
                "--Host:Log=None",
                "--Host:StopGrace=0",
                "--Catalog:AptLists=",
                "--Sharing:Archives=*",
                .. arguments,
            ]),
            new Hashtable());
        var node = settings.Section<NodeOptions>(NodeOptions.Section);
        var features = new ServiceCollection().AddFeatures(settings, node).AddSingleton<ISource>(Mirror);
        change(features);
        _plugins = await load(node, settings);
        Assert.Empty(settings.Problems);
        var builder = Server.CreateBuilder(node, features);
        await _plugins.ConfigureServicesAsync(builder.Services, settings.Section<SharingOptions>("Sharing").Reach, NetworkSecret.None);
        settings.AddTo(builder.Services);
        _app = builder.Build();
        _app.MapHealth();
        await _plugins.ConnectAsync(_app);
        _app.UseProxy();
        _app.UseRouting();
        Assert.Empty(await Server.StartAsync(_app, node));
        Assert.All(_plugins.Entries, entry => Assert.True(mayFail || entry.Works, entry.Failure));
    }
}

/// <summary>A file of the archive.</summary>
internal sealed record ProxyPackage(int Number, byte[] Bytes)
{
    public string Name => $"p{Number}.deb";

    public ContentHash Hash { get; } = ContentHash.Of(Bytes);

    public InMemoryChannel Channel { get; } = new("archive.test", Bytes);
}
