using System.Diagnostics.Metrics;
using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Messages;
using AptP2P.Source.Peers.Serving;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>Peers that take their answers so slowly that they can only be after the place.</summary>
public sealed class SlowReaderTests
{
    private readonly VirtualTime _time = new();
    private readonly PeersOptions _options = new();
    private bool _ended;

    [Fact]
    public async Task Watch_NothingIsTaken_EndedAfterTheTimeAndThatOfTheBytes()
    {
        using var patience = Make();
        var taken = new TaskCompletionSource<bool>();
        var watch = patience.WatchAsync(new(taken.Task), 16 << 10);

        _time.Advance(TimeSpan.FromSeconds(15.9));
        Assert.False(_ended);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(_ended);

        taken.SetResult(false);
        Assert.False(await watch);
    }

    [Theory]
    [InlineData(8_000, true)]
    [InlineData(32_000, false)]
    public async Task Watch_ATrickle_EndedIfSlowerThanTheLowestRate(int perSecond, bool ended)
    {
        using var patience = Make();
        for (var second = 0; second < 120 && !_ended; second++)
        {
            var taken = new TaskCompletionSource<bool>();
            var watch = patience.WatchAsync(new(taken.Task), perSecond);
            _time.Advance(TimeSpan.FromSeconds(1));
            taken.SetResult(true);
            await watch;
        }

        Assert.Equal(ended, _ended);
    }

    [Fact]
    public async Task Watch_LongPausesBetweenPortions_DoNotCount()
    {
        using var patience = Make();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(await patience.WatchAsync(new(true), 1));
            _time.Advance(TimeSpan.FromMinutes(10)); // this node's own limit
        }

        Assert.False(_ended);
    }

    [Fact]
    public async Task Content_PeersThatReadNothing_LoseTheirPlaces()
    {
        var time = new VirtualTime();
        await using var node = await PeerNode.StartAsync(
            "127.22.1.3", set: options => options.Uploads = options.UploadsPerAddress = 2, time: time);
        var ended = new SemaphoreSlim(0);
        using var listener = Listen(node, ended);
        var path = ContentName.PathOf((await node.ShareAsync(TestContent.Bytes(40_000_000))).Hash); // more than all buffers on the way
        using var client = new HttpClient { BaseAddress = new Uri($"http://{node.EndPoint}") };
        using var one = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, PeerNode.Cancellation);
        using var two = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, PeerNode.Cancellation);
        using var refused = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, PeerNode.Cancellation);

        await time.RunAsync(EndedAsync(ended, 2));

        using var answered = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, PeerNode.Cancellation);
        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], [refused.StatusCode, answered.StatusCode]);
        Assert.InRange(time.Elapsed, _options.LowestUploadTime, TimeSpan.FromSeconds(40_000_000 / (16 << 10)));
    }

    private UploadPatience Make() => new(_options, _time, () => _ended = true);

    private static MeterListener Listen(PeerNode node, SemaphoreSlim ended)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "aptp2p.peer.upload.count" && instrument.Meter.Scope == node.Get<IMeterFactory>())
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, change, _, _) =>
        {
            if (change < 0)
            {
                ended.Release();
            }
        });
        listener.Start();
        return listener;
    }

    private static async Task<int> EndedAsync(SemaphoreSlim ended, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await ended.WaitAsync(PeerNode.Cancellation);
        }

        return count;
    }
}
