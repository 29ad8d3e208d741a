using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Testing.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Source.Peers.Tests;

/// <summary>The plugin in a real server at an address of its own, with what the host would give it.</summary>
internal sealed class PeerNode : IAsyncDisposable
{
    public const int Port = 9977;

    private readonly WebApplication _app;
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("peer-node");

    private PeerNode(string address, InMemoryPeerNetwork? network, PeersOptions options, PeerReach reach, TimeProvider time)
    {
        EndPoint = new IPEndPoint(IPAddress.Parse(address), Port);
        Options = options;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(EndPoint));
        builder.Services.AddMetrics().AddSingleton(time).AddSingleton<ISharedContents>(Shared)
            .AddSingleton<IMachineAddresses>(Machine)
            .AddSingleton<INeighbours>(Neighbours)
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        if (network is not null)
        {
            Network = network.Join(EndPoint);
            builder.Services.AddSingleton<IPeerLookup>(Network);
        }

        var plugin = new PeersPlugin();
        plugin.ConfigureServices(builder.Services, new PluginContext(_state.FullName, EndPoint) { Reach = reach });
        _app = builder.Build();
        plugin.MapEndpoints(_app);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IPEndPoint EndPoint { get; }

    public PeersOptions Options { get; }

    public InMemorySharedContents Shared { get; } = new();

    public InMemoryPeerNode? Network { get; }

    public ListedAddresses Machine { get; } = new("127.0.0.1");

    public InMemoryNeighbours Neighbours { get; } = new();

    public ISource Source => _app.Services.GetRequiredService<ISource>();

    public IStatusSection Status => _app.Services.GetRequiredService<IStatusSection>();

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<PeerNode> StartAsync(
        string address, InMemoryPeerNetwork? network = null, Action<PeersOptions>? set = null, TimeProvider? time = null,
        PeerReach reach = PeerReach.World)
    {
        var options = new PeersOptions();
        set?.Invoke(options);
        var node = new PeerNode(address, network, options, reach, time ?? TimeProvider.System);
        await node._app.StartAsync(Cancellation);
        return node;
    }

    /// <summary>Shares a content and announces it.</summary>
    public async Task<Content> ShareAsync(
        byte[] bytes, PieceList? pieces = null, Func<int, bool>? have = null, Func<int, bool>? passes = null)
    {
        var hash = Shared.Share(bytes, pieces, have, passes);
        if (Network is not null)
        {
            await Network.AnnounceAsync(new Announcement(hash, bytes.Length, pieces), Cancellation);
        }

        return new Content(hash, bytes.Length, []);
    }

    public async Task<IChannel[]> OpenAsync(Content content, SearchEffort effort = SearchEffort.Search) =>
        await Source.OpenAsync(content, effort, Cancellation).ToArrayAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None); // all answers have ended, or are cut
        await _app.DisposeAsync();
        Assert.Equal(0, Shared.OpenCount);
        _state.Delete(recursive: true);
    }
}
