using System.Diagnostics.Metrics;
using System.Net;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

public sealed class KademliaPluginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConfigureServices_InAContainer_GivesOneOfEachService()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection().AddLogging().AddMetrics().AddOptions();
        new KademliaPlugin().ConfigureServices(services, new PluginContext(folder.Path, new IPEndPoint(IPAddress.Loopback, 1)));
        services.AddSingleton(TimeProvider.System).AddSingleton<IMachineAddresses>(new ListedAddresses());
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

        Assert.Equal("dht", provider.GetRequiredService<IPeerLookup>().Name);
        Assert.Equal(["dht", "network"], provider.GetServices<IStatusSection>().Select(static section => section.Key));
        Assert.Single(provider.GetServices<IPeerStore>());
        Assert.Single(provider.GetServices<IHostedService>());
    }

    [Fact]
    public async Task Metrics_AfterALookup_AreReported()
    {
        using var folder = new TemporaryFolder();
        await using var a = await Daemon.StartAsync("127.40.8.1", folder);
        await using var b = await Daemon.StartAsync("127.40.8.2", folder, bootstrap: "127.40.8.1");
        var seen = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == KademliaMetrics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Add(instrument));
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Add(instrument));
        listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => Add(instrument));
        listener.Start();

        await b.FindAsync(SimulatedNetworks.Content(1).Hash, Cancellation);
        listener.RecordObservableInstruments();

        Assert.Superset(
            new HashSet<string>
            {
                "aptp2p.dht.lookup.duration",
                "aptp2p.dht.lookup.hops",
                "aptp2p.dht.lookup.queries",
                "aptp2p.dht.lookup.stalls",
                "aptp2p.dht.datagrams",
                "aptp2p.dht.io",
                "aptp2p.dht.node.count",
                "aptp2p.dht.stored",
                "aptp2p.dht.network_size",
                "aptp2p.dht.dropped",
            },
            seen);

        void Add(Instrument instrument)
        {
            lock (seen)
            {
                seen.Add(instrument.Name);
            }
        }
    }

    [Fact]
    public void LimitsTable_ComparedWithTheOptions_IsTheSame()
    {
        var path = Path.Combine(Repository.Root, "docs", "dht.md");
        var rows = typeof(KademliaOptions)
            .GetProperties()
            .Select(static option =>
                (
                    Option: option,
                    Stops: option.GetCustomAttributes(typeof(StopsAttribute), false).OfType<StopsAttribute>().SingleOrDefault()))
            .Where(static limit => limit.Stops is not null)
            .Select(static limit =>
                $"| `{limit.Option.Name}` | {Text(limit.Option.GetValue(new KademliaOptions())!)} | {limit.Stops!.What} |")
            .ToList();
        var lines = File.ReadAllLines(path).ToList();
        var first = lines.FindIndex(static line => line.StartsWith("| Limit |", StringComparison.Ordinal)) + 2;
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            lines.RemoveRange(first, lines.Skip(first).TakeWhile(static line => line.StartsWith('|')).Count());
            lines.InsertRange(first, rows);
            File.WriteAllLines(path, lines);
        }

        Assert.Equal(rows, lines.Skip(first).TakeWhile(static line => line.StartsWith('|')));
    }

    [Fact]
    public void Options_NamedLikeALimit_SayWhatTheyStop() => Assert.All(
        typeof(KademliaOptions).GetProperties().Where(static option =>
            option.Name.StartsWith("Max", StringComparison.Ordinal) && option.Name != nameof(KademliaOptions.MaxFailures)),
        static option => Assert.True(option.IsDefined(typeof(StopsAttribute), false), option.Name));

    private static string Text(object value) =>
        value is TimeSpan time
            ? time.TotalMinutes >= 60
                ? FormattableString.Invariant($"{time.TotalHours} h")
                : FormattableString.Invariant($"{time.TotalMinutes} min")
            : FormattableString.Invariant($"{value:#,0}");
}
