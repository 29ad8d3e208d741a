using System.Net;

namespace AptP2P.Bench.Hits;

/// <summary>
/// What looking at the daemon costs it: hits of one without the Stats plugin, and of one with it, open pages and a collector of metrics.
/// </summary>
internal sealed class Watched(Archive archive, Load load, WorkFolder work, Uri origin, string block) : IAsyncDisposable
{
    private const int Pages = 20;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IPEndPoint _bare = IPEndPoint.Parse($"{block}.6:9977"), _watched = IPEndPoint.Parse($"{block}.7:9977");
    private readonly List<Contender> _contenders = [];
    private long _exports, _streamed;

    public async Task<string> MeasureAsync(int rounds, int seconds)
    {
        var endPoint = IPEndPoint.Parse($"{block}.8:4318");
        await using var collector = new InProcessServer(endPoint, async context =>
        {
            await context.Request.Body.CopyToAsync(System.IO.Stream.Null);
            Interlocked.Increment(ref _exports);
        });
        await collector.StartAsync();
        var bare = await StartAsync("without Stats", _bare, [], "--Host:Without=Neighbours.Lan,PortMapping,Stats");
        var watched = await StartAsync(
            $"Stats, {Pages} pages, a collector", _watched,
            [
                $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
                "OTEL_METRIC_EXPORT_INTERVAL=1000", // sixty times as often as it is by default
            ]);
        for (var round = -1; round < rounds; round++) // the first has all compiled, and does not count
        {
            foreach (var one in int.IsEvenInteger(round) ? [bare, watched] : (Contender[])[watched, bare])
            {
                await using var pages = one == watched ? await Watchers.OpenAsync(_watched, Pages) : null;
                var requests = await load.RequestAsync(one.Source, one.Server, seconds);
                _streamed += pages?.Bytes ?? 0;
                one.Requests.AddRange(round < 0 ? [] : [requests]);
            }
        }

        return _exports == 0 || _streamed == 0
            ? throw new InvalidOperationException($"{_exports} exports and {_streamed} bytes of pages: nobody was looking")
            : Write(bare, watched);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contender in _contenders)
        {
            await contender.Server.DisposeAsync();
        }
    }

    private async Task<Contender> StartAsync(string name, IPEndPoint endPoint, string[] variables, params string[] options)
    {
        string[] daemon = ["dotnet", Arguments.Build("Host"), .. Daemon.Options(endPoint, work[endPoint.Address.ToString()]), .. options];
        var server = await Server.StartAsync(endPoint, "env", [.. variables, .. daemon]);
        var contender = new Contender($"{Contestant.AptP2P}, {name}", server, new Uri($"http://{endPoint}/{origin.Authority}/"));
        _contenders.Add(contender);
        await LearnAsync(contender.Source);
        return contender;
    }

    /// <summary>By what it answers, since it has no status page to read: what it does not know, it does not keep.</summary>
    private async Task LearnAsync(Uri source)
    {
        using var client = new HttpClient();
        foreach (var index in Archive.Indexes)
        {
            await client.GetByteArrayAsync(new Uri(source, index));
        }

        var began = TimeProvider.System.GetTimestamp();
        foreach (var file in archive.Files.SkipLast(1))
        {
            while (!await HitsAsync(client, new Uri(source, file.Path)))
            {
                if (TimeProvider.System.GetElapsedTime(began) > Patience)
                {
                    throw new InvalidOperationException($"{source} does not serve {file.Path} from its cache");
                }

                await Task.Delay(Step, TimeProvider.System);
            }
        }
    }

    private static async Task<bool> HitsAsync(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address);
        return answer.Headers.TryGetValues("X-Cache", out var words) && words.Single() == "HIT";
    }

    private string Write(Contender bare, Contender watched)
    {
        var ratios = watched.Requests.Zip(bare.Requests, (one, other) => one.PerSecond / other.PerSecond).ToList();
        var table = new Table("hits", "requests/s at 50 kB", "CPU µs each", "to without, median of the rounds", "lowest", "highest");
        table.Add($"{bare.Name}", $"{Rate(bare):0}", $"{Processor(bare):0}", null, null, null);
        table.Add(
            $"{watched.Name}", $"{Rate(watched):0}", $"{Processor(watched):0}", $"{ratios.Median():0.000}", $"{ratios.Min():0.00}",
            $"{ratios.Max():0.00}");
        return $"{table}\n{_exports} exports, and {_streamed / 1e6:0.0} MB of pages\n";
    }

    private static double Rate(Contender one) => one.Requests.Select(run => run.PerSecond).Median();

    private static double Processor(Contender one) => one.Requests.Select(run => run.Processor).Median();
}
