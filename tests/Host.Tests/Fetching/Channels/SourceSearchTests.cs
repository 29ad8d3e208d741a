using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Channels;

public sealed class SourceSearchTests
{
    [Fact]
    public void AwaitsNeighbours_OneIsFoundThatHasNotSaidWhatItHas_UntilTheOriginIsAsked()
    {
        var (time, options) = (new VirtualTime(), new ChannelOptions());
        var content = new Content(ContentHash.Of("content"u8), 7, [new Origin("http", "mirror.test", 80, "/x.deb", OriginReach.Local)]);
        var mirror = new InMemorySource("mirror", SourceRole.Origin);
        var peers = new InMemorySource("peers", SourceRole.Peers);
        var shared = Options.Create(options);
        var environment = new ChannelEnvironment(
            [mirror, peers], shared, new PeerRecord(shared, time), new Speeds(shared, time),
            new OriginHealth(Options.Create(new FailoverOptions()), time), time);
        var channels = new FetchChannels(options.Channels);
        var search = new SourceSearch(content, environment, channels, isRepeated: false);
        search.TryPeers(PeerUse.Search);
        Assert.False(search.AwaitsNeighbours);

        var neighbour = new InMemoryChannel("neighbour", ReadOnlyMemory<byte>.Empty, time) { Distance = ChannelDistance.SameNetwork };
        channels.TryAdd(new FetchChannel(neighbour, peers, new Congestion(options, time), options, time));
        Assert.True(search.AwaitsNeighbours);

        Assert.True(search.TryOrigin());
        Assert.False(search.AwaitsNeighbours);
    }
}
