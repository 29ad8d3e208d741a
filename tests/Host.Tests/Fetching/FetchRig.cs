using System.Diagnostics.Metrics;
using AptP2P.Host.Fetching;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Policy;
using AptP2P.Host.Storage.Checking;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>A fetcher with a mirror, peers and, if wanted, local copies in memory, on virtual time.</summary>
internal sealed class FetchRig : IDisposable
{
    private readonly PolicyChoice _policy;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private int _peers;

    public FetchRig(
        byte[] bytes, bool hasOrigin = true, FewPeersOptions? policy = null, VirtualTime? time = null, ulong node = 1,
        PeerRecord? record = null, Speeds? speeds = null, PeerConsent? consent = null, ISourcePolicy? plugin = null,
        bool hasLocal = false, params ISource[] sources)
    {
        Time = time ?? new VirtualTime();
        Bytes = bytes;
        Pieces = PieceList.CountFor(bytes.Length) > 1 ? TestContent.PiecesOf(bytes) : null;
        Content = new Content(
            ContentHash.Of(bytes),
            bytes.Length,
            hasOrigin
                ?
                [
                    new Origin("http", "mirror.test", 80, "/x.deb", OriginReach.Local),
                    new Origin("http", "mirror.test", 80, "/by-hash/x", OriginReach.Local),
                ]
                : []);
        var standard = new FewPeersPolicy(Options.Create(policy ?? new FewPeersOptions()));
        _policy = new PolicyChoice(
            plugin is null ? [standard] : [standard, plugin], Options.Create(new PolicyOptions { Name = (plugin ?? standard).Name }), Time,
            NullLogger<PolicyChoice>.Instance);
        var options = Options.Create(new ChannelOptions());
        var origins = Options.Create(new FailoverOptions());
        Memory = new OriginHealth(origins, Time);
        Metrics = new FetchMetrics(_meters.GetRequiredService<IMeterFactory>());
        record ??= Prove(new PeerRecord(options, Time), Time);
        var channels = new ChannelEnvironment(
            sources.Length > 0 ? sources : hasLocal ? [Mirror, Peers, Local] : [Mirror, Peers], options, record,
            speeds ?? new Speeds(options, Time), Memory, Time, consent);
        var environment = new FetchEnvironment(
            channels, _policy, Options.Create(new FetchOptions()), Options.Create(new CrowdOptions()),
            new WorkPlan(Options.Create(new WorkOptions()), record, Time), new MirrorList(origins, Memory), Metrics)
        {
            Node = node,
        };
        var check = new StoreCheck(Store, Time, NullLogger<StoreCheck>.Instance);
        Fetcher = new Fetcher(environment, Store, check, NullLogger<Fetcher>.Instance);
    }

    public byte[] Bytes { get; }

    public PieceList? Pieces { get; }

    public Content Content { get; }

    public VirtualTime Time { get; }

    public SingleThread Thread => field ??= new SingleThread(Time);

    public InMemorySource Mirror { get; } = new("mirror", SourceRole.Origin);

    public InMemorySource Peers { get; } = new("peers", SourceRole.Peers);

    public InMemorySource Local { get; } = new("folder", SourceRole.Local);

    public InMemoryContentStore Store { get; } = new();

    public bool IsStored => Store.Contains(Content.Hash);

    public FetchMetrics Metrics { get; }

    public OriginHealth Memory { get; }

    public Fetcher Fetcher { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public InMemoryChannel AddMirror(params ReadOnlySpan<ChannelAct> script) =>
        Add(Mirror, new InMemoryChannel("mirror.test", Bytes, Time).Script(script));

    /// <summary>A further origin of the same content, behind those that are there.</summary>
    public InMemoryChannel AddMirror(string name, params ReadOnlySpan<ChannelAct> script) =>
        Add(Mirror, new InMemoryChannel(name, Bytes, Time).Script(script));

    /// <summary>A local copy, of the right bytes or of others.</summary>
    public InMemoryChannel AddLocal(byte[]? bytes = null) =>
        Add(Local, new InMemoryChannel("/media/stick/x.deb", bytes ?? Bytes, Time) { Distance = ChannelDistance.SameHost });

    public InMemoryChannel AddPeer(params ReadOnlySpan<ChannelAct> script) => AddPeer(Pieces, script);

    public InMemoryChannel AddPeer(PieceList? pieces, params ReadOnlySpan<ChannelAct> script) =>
        Add(Peers, new InMemoryChannel($"peer{++_peers}", Bytes, Time) { Pieces = pieces }.Script(script));

    /// <summary>Notes that peers have done well, near ones and others: so they are worth a wait.</summary>
    public static PeerRecord Prove(PeerRecord record, VirtualTime time)
    {
        var options = new ChannelOptions();
        foreach (var distance in (ChannelDistance[])[ChannelDistance.SameNetwork, ChannelDistance.Other])
        {
            var good = new InMemoryChannel("good", ReadOnlyMemory<byte>.Empty, time) { Distance = distance };
            var peers = new InMemorySource("peers", SourceRole.Peers);
            record.Delivered(new FetchChannel(good, peers, new Congestion(options, time), options, time));
        }

        return record;
    }

    /// <summary>Nobody else will be found.</summary>
    public void EndSearch()
    {
        Mirror.EndSearch(Content.Hash);
        Peers.EndSearch(Content.Hash);
        Local.EndSearch(Content.Hash);
    }

    /// <summary>Reads as apt does.</summary>
    /// <returns>What was read, and why it ended early, if it did.</returns>
    public (byte[] Bytes, FetchFailure? Failure) Read() => Thread.Run(() => ReadToEndAsync());

    /// <summary>Waits until nothing is fetched any more: the next read begins anew.</summary>
    public void WaitForEnd() => Thread.Run(() => Fetcher.Find(Content.Hash)?.Ended ?? Task.CompletedTask);

    public void Dispose()
    {
        Thread.Run(() => Fetcher.StopAsync(Cancellation));
        Fetcher.Dispose();
        _policy.Dispose();
        _meters.Dispose();
        Assert.Empty(Store.Refused);
    }

    private InMemoryChannel Add(InMemorySource source, InMemoryChannel channel)
    {
        source.Add(Content.Hash, channel);
        return channel;
    }

    /// <param name="content">As its client names it; the rig's by default.</param>
    public async Task<(byte[] Bytes, FetchFailure? Failure)> ReadToEndAsync(Content? content = null)
    {
        await using var reader = await Fetcher.JoinAsync(content ?? Content, Cancellation);
        if (reader is null)
        {
            return (await ReadStoredAsync(), null); // it is in the store by now
        }

        using var read = new MemoryStream();
        var buffer = new byte[100_000];
        while (true)
        {
            if (await reader.WaitAsync(Cancellation) is { } failure)
            {
                return (read.ToArray(), failure);
            }

            var count = await reader.ReadAsync(buffer, Cancellation);
            if (count == 0)
            {
                await reader.Outcome; // what is stored, and who is blamed, is decided by now
                return (read.ToArray(), null);
            }

            read.Write(buffer, 0, count);
        }
    }

    private async Task<byte[]> ReadStoredAsync()
    {
        await using var stored = await Store.OpenAsync(Content.Hash, Cancellation);
        Assert.NotNull(stored);
        var bytes = new byte[stored.Length];
        await stored.ReadAsync(0, bytes, Cancellation);
        return bytes;
    }
}
