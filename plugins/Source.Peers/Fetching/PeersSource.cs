using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>One channel for each peer that has a content: those known or nearby that have it, and those that look-ups find.</summary>
internal sealed partial class PeersSource(
    IEnumerable<IPeerLookup> lookups,
    KnownPeers known,
    PeerClient client,
    PeerReputation reputation,
    OwnAddresses own,
    PeersNetworks networks,
    IOptions<PeersOptions> options,
    ILogger<PeersSource> logger) : ISource
{
    public string Name => "peers";

    public SourceRole Role => SourceRole.Peers;

    public async IAsyncEnumerable<IChannel> OpenAsync(
        Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!options.Value.Fetch || networks.IsNobody)
        {
            yield break;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var found = Channel.CreateBounded<Found>(options.Value.PeersPerContent); // look-ups wait for whoever takes their peers
        var searching = SearchAsync(content.Hash, effort, found.Writer, stop.Token);
        try
        {
            HashSet<IPEndPoint> opened = [];
            await foreach (var (peer, lookup) in found.Reader.ReadAllAsync(cancellationToken))
            {
                if (IsWelcome(peer, content) && opened.Add(peer.EndPoint))
                {
                    yield return new PeerChannel(peer, lookup, content, DistanceOf(peer.EndPoint), client, reputation);
                    if (opened.Count == options.Value.PeersPerContent)
                    {
                        break;
                    }
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await searching;
        }
    }

    /// <summary>Whether a peer may be asked at all: anybody can name any address.</summary>
    private bool IsWelcome(Peer peer, Content content)
    {
        var (address, port) = (peer.EndPoint.Address, peer.EndPoint.Port);
        return port >= options.Value.LowestPort
            && PeerAddress.CanBePeer(address)
            && networks.Include(address)
            && !own.IsSelf(peer.EndPoint)
            && reputation.IsWelcome(peer.EndPoint)
            && (peer.Pieces is null || peer.Pieces.Length == content.Length); // else it is another file, or a lie
    }

    /// <summary>A neighbour is of this network, whatever its prefix is.</summary>
    private ChannelDistance DistanceOf(IPEndPoint peer)
    {
        var byAddress = own.DistanceOf(peer.Address);
        return byAddress == ChannelDistance.Other && reputation.IsNeighbour(peer) ? ChannelDistance.SameNetwork : byAddress;
    }

    private async Task SearchAsync(ContentHash hash, SearchEffort effort, ChannelWriter<Found> found, CancellationToken cancellationToken)
    {
        var asked = effort == SearchEffort.Search ? lookups : [];
        var searches = asked
            .Select(lookup => LookUpAsync(lookup, hash, found, cancellationToken))
            .Append(AskKnownAsync(hash, effort, found, cancellationToken));
        try
        {
            await Task.WhenAll(searches);
        }
        finally
        {
            found.Complete();
        }
    }

    private async Task AskKnownAsync(
        ContentHash hash, SearchEffort effort, ChannelWriter<Found> found, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var peer in known.FindAsync(hash, effort, cancellationToken))
            {
                await found.WriteAsync(new Found(new Peer(peer), null), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever asked has enough.
        }
    }

    private async Task LookUpAsync(IPeerLookup lookup, ContentHash hash, ChannelWriter<Found> found, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var peer in lookup.FindAsync(hash, cancellationToken))
            {
                await found.WriteAsync(new Found(peer with { EndPoint = PeerAddress.Plain(peer.EndPoint) }, lookup), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever asked has enough.
        }
        catch (Exception e) // any: it is another plugin's, and the other look-ups go on
        {
            LogLookupFailed(logger, lookup.Name, e);
        }
    }

    [LoggerMessage(4020, LogLevel.Warning, "The look-up {Lookup} failed")]
    private static partial void LogLookupFailed(ILogger logger, string lookup, Exception exception);

    private readonly record struct Found(Peer Peer, IPeerLookup? Lookup);
}
