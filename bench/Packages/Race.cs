namespace AptP2P.Bench.Packages;

/// <summary>
/// One contestant's turn: everything once that its cache does not have, once more when it has. Some other packages went through it
/// <paramref name="before"/>, as through any that has run for an hour.
/// </summary>
internal sealed class Race(Uri origin, Archive archive, int before, TimeSpan idle, string folder)
{
    public Times Times { get; } = new();

    public Costs Costs { get; } = new();

    public async Task RunAsync(Contestant contestant, bool pipelining, bool isFirst)
    {
        await using (var server = await contestant.StartAsync(Path.Combine(folder, "state"), origin))
        {
            var apt = Apt.Create(Path.Combine(folder, "apt"), contestant.Source(origin));
            await apt.UpdateAsync();
            if (before > 0)
            {
                await apt.DownloadAsync(archive.Files.Take(before).Select(file => file.Name), pipelining);
            }

            if (isFirst && server is not null)
            {
                await Task.Delay(idle, TimeProvider.System); // what it still does for the index is not idling
                var start = server.Usage;
                await Task.Delay(idle, TimeProvider.System);
                Costs.Idled(contestant.Name, start, server.Usage, idle);
            }

            await MeasureAsync(cold: true);
            if (contestant.Keeps)
            {
                await MeasureAsync(cold: false);
            }

            async Task MeasureAsync(bool cold)
            {
                var (start, machineStart) = (server?.Usage, Usage.OfMachine());
                var files = archive.Files.Skip(before).ToList();
                var took = await apt.DownloadAsync(files.Select(file => file.Name), pipelining);
                Times.Add(contestant.Name, cold, pipelining, took);
                var (machine, bytes) = (Usage.OfMachine() - machineStart, files.Sum(file => (long)file.Length));
                if (isFirst && server is not null)
                {
                    Costs.Worked(contestant.Name, start!.Value, server.Usage, machine, bytes);
                }
                else if (isFirst)
                {
                    Costs.Worked(contestant.Name, machine, bytes);
                }

                Console.WriteLine(
                    $"{contestant.Name}, {(cold ? "cold" : "warm")}, "
                        + $"{(pipelining ? "pipelined" : "one by one")}: {took.TotalSeconds:0.00} s");
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
