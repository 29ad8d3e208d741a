using AptP2P.Host.Traffic;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Traffic;

/// <summary>Runs of a daemon, one after the other, of which only the traffic is looked at.</summary>
internal sealed class TrafficRig : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("traffic");
    private TrafficDatabase? _database;
    private TrafficKeeper? _keeper;
    private TrafficHistory? _history;

    public VirtualTime Time { get; } = new();

    public LogLines<TrafficDatabase> Log { get; } = new();

    /// <summary>What has come in this run.</summary>
    public TrafficCount Count { get; set; }

    public string File => Path.Combine(_state.FullName, TrafficDatabase.FileName);

    public TrafficStatus Section => new(_history!);

    public async Task StartAsync()
    {
        Count = default;
        _history = new TrafficHistory(() => Count, Time);
        _database = new TrafficDatabase(_state.FullName, Log);
        _keeper = new TrafficKeeper(_history, _database, Time);
        await _keeper.StartingAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopAsync()
    {
        await _keeper!.StoppedAsync(TestContext.Current.CancellationToken);
        Crash();
    }

    /// <summary>Ends it without notice.</summary>
    public void Crash()
    {
        _keeper?.Dispose();
        _database?.Dispose();
    }

    /// <summary>So much comes from peers, and then time goes by.</summary>
    public void Come(long bytes, TimeSpan then)
    {
        Count += new TrafficCount(0, bytes, 0, 0);
        Time.Advance(then);
    }

    public async Task<object?> ValueAsync(string key) => (await ReadAsync()).OfType<StatusValue>().Single(value => value.Key == key).Value;

    public async Task<StatusSpan> SpanAsync(string key) =>
        Assert.Single((await ReadAsync()).OfType<StatusHistory>()).Spans.Single(span => span.Key == key);

    /// <summary>The rates from peers in a span; nothing where there is a gap.</summary>
    public async Task<double?[]> RatesAsync(string key) =>
        [.. (await SpanAsync(key)).Points.Select(point => point.IsDefault ? (double?)null : point[1])];

    public void Dispose()
    {
        Crash();
        _state.Delete(recursive: true);
    }

    private ValueTask<IReadOnlyList<StatusItem>> ReadAsync() => Section.ReadAsync(TestContext.Current.CancellationToken);
}
