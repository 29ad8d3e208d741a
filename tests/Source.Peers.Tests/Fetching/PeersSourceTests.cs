using System.Net;
using System.Runtime.CompilerServices;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Fetching;
using AptP2P.Source.Peers.Ledger;
using AptP2P.Source.Peers.Messages;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Fetching;

/// <summary>Who gets a channel.</summary>
public sealed class PeersSourceTests : IAsyncDisposable
{
    private static readonly Content Content = new(ContentHash.Of("content"u8), 7, []);

    private readonly PeersOptions _options = new();
    private readonly VirtualTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<FetchMetrics>().BuildServiceProvider();
    private readonly List<IAsyncDisposable> _made = [];
    private PeerReach _reach = PeerReach.World;
    private NearPeers? _near;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_TwoLookups_EachPeerOnce()
    {
        var source = Make(new Lookup("192.0.2.1:9977", "192.0.2.2:9977"), new Lookup("[::ffff:192.0.2.2]:9977", "192.0.2.3:9977"));

        Assert.Equal(["192.0.2.1:9977", "192.0.2.2:9977", "192.0.2.3:9977"], (await OpenAsync(source)).Order());
    }

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:25")] // somebody's mail server
    [InlineData("0.0.0.0:9977")]
    [InlineData("224.0.0.1:9977")]
    [InlineData("255.255.255.255:9977")]
    [InlineData("[ff02::1]:9977")]
    [InlineData("10.0.0.1:9977")] // this node
    [InlineData("[::ffff:10.0.0.1]:9977")]
    public async Task Open_NobodyCanBeThere_NoChannel(string endPoint) =>
        Assert.Equal(["192.0.2.9:9977"], await OpenAsync(Make(new Lookup(endPoint, "192.0.2.9:9977"))));

    [Fact]
    public async Task Open_NetworksListed_OnlyThose()
    {
        _options.Networks = [IPNetwork.Parse("192.168.0.0/16")];

        Assert.Equal(["192.168.3.4:9977"], await OpenAsync(Make(new Lookup("192.0.2.1:9977", "192.168.3.4:9977"))));
    }

    [Fact]
    public async Task Open_ReachIsTheLan_OnlyWhoIsNear()
    {
        _reach = PeerReach.Lan;
        var lookup = new Lookup("192.0.2.1:9977", "192.168.3.4:9977", "[2a02:908::7]:9977", "[2a02:909::7]:9977");

        Assert.Equal(["192.168.3.4:9977", "[2a02:908::7]:9977"], await OpenAsync(Make(lookup)));
    }

    [Fact]
    public async Task Open_ANeighbourOfAnotherPrefix_IsOfThisNetwork()
    {
        var source = Make(new Lookup("10.7.0.1:9977", "10.8.0.1:9977"));
        _near!.Seen(IPEndPoint.Parse("10.7.0.1:9977"));

        var distances = await source
            .OpenAsync(Content, SearchEffort.Search, Cancellation)
            .ToDictionaryAsync(channel => channel.Name, channel => channel.Distance, cancellationToken: Cancellation);

        Assert.Equal(ChannelDistance.SameNetwork, distances["10.7.0.1:9977"]);
        Assert.Equal(ChannelDistance.Other, distances["10.8.0.1:9977"]);
    }

    [Fact]
    public async Task Open_ReachIsOff_NobodyIsAsked()
    {
        _reach = PeerReach.Off;
        var lookup = new Lookup("192.168.3.4:9977");

        Assert.Empty(await OpenAsync(Make(lookup)));
        Assert.Equal(0, lookup.Count);
    }

    [Fact]
    public async Task Open_ClaimOfAnotherLength_NoChannel()
    {
        var lookup = new Lookup("192.0.2.1:9977") { Claim = new PieceClaim(8, Content.Hash, null) };

        Assert.Empty(await OpenAsync(Make(lookup)));
    }

    [Fact]
    public async Task Open_Seed_NobodyIsAsked()
    {
        _options.Fetch = false;
        var lookup = new Lookup("192.0.2.1:9977");

        Assert.Empty(await OpenAsync(Make(lookup)));
        Assert.Equal(0, lookup.Count);
    }

    [Fact]
    public async Task Open_KnownOnly_NoLookup()
    {
        var lookup = new Lookup("192.0.2.1:9977");

        Assert.Empty(await OpenAsync(Make(lookup), SearchEffort.Known));
        Assert.Equal(0, lookup.Count);
    }

    [Fact]
    public async Task Open_OneLookupThrows_TheOtherGoesOn() =>
        Assert.Equal(["192.0.2.2:9977"], await OpenAsync(Make(new Lookup("throw"), new Lookup("192.0.2.2:9977"))));

    [Fact]
    public async Task Open_ALookupNamesThousands_NoMoreThanTheLimit()
    {
        _options.PeersPerContent = 5;

        Assert.Equal(
            5, (await OpenAsync(Make(new Lookup([.. Enumerable.Range(1, 5000).Select(i => $"192.0.{i % 250}.1:{1024 + i}")])))).Length);
    }

    [Fact]
    public async Task Open_FetchEnds_LookupIsCancelled()
    {
        var lookup = new Lookup("192.0.2.1:9977", "wait");

        await foreach (var channel in Make(lookup).OpenAsync(Content, SearchEffort.Search, Cancellation))
        {
            break;
        }

        Assert.True(lookup.WasCancelled);
    }

    [Fact]
    public async Task GetPieceList_InTheClaim_NoRequest()
    {
        var bytes = TestContent.Bytes(1_200_000);
        var list = TestContent.PiecesOf(bytes);
        var content = new Content(ContentHash.Of(bytes), bytes.Length, []);
        var inline = new Lookup("192.0.2.1:9977") { Claim = new PieceClaim(bytes.Length, list.Digest, list) };
        var kept = new Lookup("192.0.2.1:9977") { Claim = new PieceClaim(bytes.Length, list.Digest, null), List = list };

        foreach (var lookup in new[] { inline, kept })
        {
            await using var channel = await Make(lookup).OpenAsync(content, SearchEffort.Search, Cancellation).FirstAsync(Cancellation);
            Assert.Equal(list.Digest, (await channel.GetPieceListAsync(Cancellation))!.Digest);
        }
    }

    [Fact]
    public async Task GetPieceList_NotWhatItsDigestSays_ThePeerIsAsked()
    {
        var list = TestContent.PiecesOf(TestContent.Bytes(1_200_000));
        var content = new Content(Content.Hash, 1_200_000, []);
        var lookup = new Lookup("127.22.4.1:9978") { Claim = new PieceClaim(1_200_000, Content.Hash, list) }; // where nobody is

        await using var channel = await Make(lookup).OpenAsync(content, SearchEffort.Search, Cancellation).FirstAsync(Cancellation);

        Assert.Null(await channel.GetPieceListAsync(Cancellation));
        Assert.True(channel.IsPieceListItsOwn);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var made in _made)
        {
            await made.DisposeAsync();
        }

        await _services.DisposeAsync();
    }

    private static async Task<string[]> OpenAsync(PeersSource source, SearchEffort effort = SearchEffort.Search) =>
        await source.OpenAsync(Content, effort, Cancellation).Select(channel => channel.Name).ToArrayAsync(Cancellation);

    private PeersSource Make(params IPeerLookup[] lookups)
    {
        var options = Microsoft.Extensions.Options.Options.Create(_options);
        var client = new PeerClient(
            options, _time, new OwnMark(), _services.GetRequiredService<FetchMetrics>(), new PeerLedger(Home.Parties, _time));
        var reputation = Home.NewReputation(_options, _time, _near = new NearPeers(options, _time));
        var known = new KnownPeers(client, reputation);
        _made.Add(known);
        var machine = new ListedAddresses("10.0.0.1") { Near = [IPNetwork.Parse("2a02:908::/64")] };
        var own = new OwnAddresses(new IPEndPoint(IPAddress.Any, 9977), machine);
        var networks = new PeersNetworks(options, machine, _reach);
        return new PeersSource(lookups, known, client, reputation, own, networks, options, NullLogger<PeersSource>.Instance);
    }

    /// <summary>Finds what it is told to; "throw" fails, "wait" never ends.</summary>
    private sealed class Lookup(params string[] found) : IPeerLookup
    {
        public string Name => "test";

        public int Count { get; private set; }

        public bool WasCancelled { get; private set; }

        public PieceClaim? Claim { get; init; }

        public PieceList? List { get; init; }

        public async IAsyncEnumerable<Peer> FindAsync(ContentHash hash, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Count++;
            foreach (var entry in found)
            {
                await Task.Yield();
                if (entry == "throw")
                {
                    throw new InvalidOperationException("a broken plugin");
                }

                if (entry == "wait")
                {
                    try
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                    }
                    finally
                    {
                        WasCancelled = true;
                    }
                }

                yield return new Peer(IPEndPoint.Parse(entry), Claim);
            }
        }

        public ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken) => new(List);
    }
}
