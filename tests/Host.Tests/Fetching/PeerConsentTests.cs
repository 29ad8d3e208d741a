using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>Peers are told nothing of what is not shared, and nothing waits for them.</summary>
public sealed class PeerConsentTests
{
    [Theory]
    [InlineData(50_000)]
    [InlineData(5_000_000)]
    [InlineData(20_000_000)] // large enough to be announced as it begins, and looked up again and again
    public void Fetch_PeersMayNotBeAsked_AllIsTheOriginsAndNobodyIsAsked(int length)
    {
        using var rig = new FetchRig(TestContent.Bytes(length), consent: _ => false);
        rig.AddMirror();
        var peer = rig.AddPeer();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.True(rig.IsStored);
        Assert.Empty(rig.Peers.Opened);
        Assert.Empty(peer.Reads);
        Assert.Equal(TimeSpan.Zero, rig.Time.Elapsed); // no look-up was waited for
    }

    [Fact]
    public void Fetch_PeersMayNotBeAskedAndTheOriginFails_EndsAtOnce()
    {
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), consent: _ => false);
        rig.AddMirror().Otherwise = ChannelAct.Fail(ChannelOutcome.Gone);
        rig.Mirror.EndSearch(rig.Content.Hash);

        var (_, failure) = rig.Read();

        Assert.Equal(ChannelOutcome.Gone, failure?.Outcome);
        Assert.Empty(rig.Peers.Opened);
    }

    [Fact]
    public void Fetch_PeersMayBeAskedOnlyLater_TheyTakePartFromThenOn()
    {
        var mayAsk = false;
        using var rig = new FetchRig(TestContent.Bytes(5_000_000), consent: _ => mayAsk);
        rig.AddMirror(ChannelAct.Stall(1_000_000)).Otherwise = ChannelAct.Stall(0);
        var peer = rig.AddPeer();
        rig.EndSearch();
        using var known = rig.Time.CreateTimer(_ => mayAsk = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.NotEmpty(peer.Reads);
    }

    [Fact]
    public void Fetch_ManyThatPeersMayNotBeAskedFor_SearchesForOthersAreNotCalledVain()
    {
        var time = new VirtualTime();
        var record = new PeerRecord(Microsoft.Extensions.Options.Options.Create(new ChannelOptions()), time);
        for (var i = 0; i < 5; i++)
        {
            using var rig = new FetchRig(TestContent.Bytes(1_000_000 + i), time: time, record: record, consent: _ => false);
            rig.AddMirror();
            rig.Read();
        }

        Assert.False(record.AreSearchesVain);
    }
}
