using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
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
        using var listener = Listen(rig.Services.GetRequiredService<IMeterFactory>(), measured.Writer);
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

    /// <summary>Hears this daemon's measures alone: other tests run daemons too.</summary>
    private static MeterListener Listen(IMeterFactory meters, ChannelWriter<double> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "aptp2p.proxy.first_byte" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => measured.TryWrite(seconds));
        listener.Start();
        return listener;
    }
}
