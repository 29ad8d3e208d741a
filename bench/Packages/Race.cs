namespace AptP2P.Bench.Packages;

/// <summary>One contestant's turn: everything once with an empty cache, once more with a full one.</summary>
internal sealed class Race(Uri origin, Archive archive, TimeSpan idle, string folder)
{
    public Times Times { get; } = new();

    public Costs Costs { get; } = new();

    public async Task RunAsync(Contestant contestant, bool pipelining, bool isFirst)
    {
        await using (var server = await contestant.StartAsync(Path.Combine(folder, "state"), origin))
        {
            var apt = Apt.Create(Path.Combine(folder, "apt"), contestant.Source(origin));
            await apt.UpdateAsync();
            if (isFirst && server is not null)
            {
                await Task.Delay(idle, TimeProvider.System); // what it still does for the index is not idling
                var before = server.Usage;
                await Task.Delay(idle, TimeProvider.System);
                Costs.Idled(contestant.Name, before, server.Usage, idle);
            }

            await MeasureAsync(cold: true);
            if (contestant.Keeps)
            {
                await MeasureAsync(cold: false);
            }

            async Task MeasureAsync(bool cold)
            {
                var before = server?.Usage;
                var took = await apt.DownloadAsync(archive.Files.Select(file => file.Name), pipelining);
                Times.Add(contestant.Name, cold, pipelining, took);
                if (isFirst && server is not null)
                {
                    Costs.Worked(contestant.Name, before!.Value, server.Usage, archive.Bytes);
                }

                Console.WriteLine($"{contestant.Name}, {(cold ? "cold" : "warm")}, {(pipelining ? "pipelined" : "one by one")}: {took.TotalSeconds:0.00} s");
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
