using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Accounting;

public sealed class AnswerMetricsTests
{
    [Fact]
    public async Task FirstByte_OfAFetchedAndAStoredAnswer_IsMeasuredOnceEach()
    {
        await using var rig = await ProxyRig.StartAsync("127.22.31.1");
        var package = Assert.Single(await rig.PublishAsync(count: 1));
        var measured = Channel.CreateUnbounded<double>();
        using var listener = Listen(rig.Services.GetRequiredService<IMeterFactory>(), "aptp2p.proxy.first_byte.duration", measured.Writer);
        await using var client = new NetworkStream(await rig.ConnectAsync(), ownsSocket: true);

        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(rig.Get(package)), ProxyRig.Cancellation);
            var (status, body) = Assert.Single(await ProxyRig.ReadAsync(client, count: 1));
            Assert.Equal(200, status);
            Assert.Equal(package.Bytes, body);
            Assert.InRange(await measured.Reader.ReadAsync(ProxyRig.Cancellation), 0, 30);
        }

        Assert.False(measured.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Bytes_OfAStoredAnswer_AreCountedWhileItIsSent()
    {
        const int Length = 32_000_000; // more than the kernel holds
        await using var rig = await ProxyRig.StartAsync("127.22.31.2");
        var package = Assert.Single(await rig.PublishAsync(count: 1, Length));
        using var client = new HttpClient();
        var url = new Uri($"http://{rig.EndPoint}/archive.test/debian/pool/{package.Name}");
        await client.GetByteArrayAsync(url, ProxyRig.Cancellation);
        var content = new Content(package.Hash, Length, []);
        await using (await rig.Fetcher.FetchAsync(content, ProxyRig.Cancellation)) // stored by now
        {
        }

        var metrics = rig.Services.GetRequiredService<AnswerMetrics>();
        var measured = Channel.CreateUnbounded<long>();
        using var listener = Listen(rig.Services.GetRequiredService<IMeterFactory>(), "aptp2p.proxy.bytes", measured.Writer);
        using var answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, ProxyRig.Cancellation);
        await measured.Reader.ReadAsync(ProxyRig.Cancellation);

        Assert.Equal(0, metrics.AnswersFrom(ServedFrom.Hit));
        Assert.InRange(metrics.BytesFrom(ServedFrom.Hit), 1, Length - 1);
    }

    [Fact]
    public async Task Bytes_OfAHeadForAStoredFile_AreNone()
    {
        await using var rig = await ProxyRig.StartAsync("127.22.31.3");
        var package = Assert.Single(await rig.PublishAsync(count: 1));
        using var client = new HttpClient();
        var url = new Uri($"http://{rig.EndPoint}/archive.test/debian/pool/{package.Name}");
        await client.GetByteArrayAsync(url, ProxyRig.Cancellation);
        await using (await rig.Fetcher.FetchAsync(new Content(package.Hash, 100, []), ProxyRig.Cancellation))
        {
        }

        using var head = new HttpRequestMessage(HttpMethod.Head, url);
        using var answer = await client.SendAsync(head, ProxyRig.Cancellation);
        await client.GetByteArrayAsync(url, ProxyRig.Cancellation); // on the same connection: the first is done with

        Assert.Equal(100, answer.Content.Headers.ContentLength);
        Assert.Equal(100, rig.Services.GetRequiredService<AnswerMetrics>().BytesFrom(ServedFrom.Hit));
    }

    /// <summary>Hears this daemon's measures alone: other tests run daemons too.</summary>
    private static MeterListener Listen<T>(IMeterFactory meters, string name, ChannelWriter<T> measured)
        where T : struct
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<T>((_, value, _, _) => measured.TryWrite(value));
        listener.Start();
        return listener;
    }
}
