namespace AptP2P.Bench.Packages;

/// <summary>One contestant's turn: everything once with an empty cache, once more with a full one.</summary>
internal static class Race
{
    public static async Task RunAsync(Contestant contestant, Uri origin, Archive archive, bool pipelining, string folder, Results results)
    {
        await using (await contestant.StartAsync(Path.Combine(folder, "state"), origin))
        {
            var apt = Apt.Create(Path.Combine(folder, "apt"), contestant.Source(origin));
            await apt.UpdateAsync();
            Measure(cold: true, await apt.DownloadAsync(archive.Packages, pipelining));
            if (contestant.Keeps)
            {
                Measure(cold: false, await apt.DownloadAsync(archive.Packages, pipelining));
            }
        }

        Directory.Delete(folder, recursive: true);

        void Measure(bool cold, TimeSpan took)
        {
            results.Add(contestant.Name, cold, pipelining, took);
            Console.WriteLine($"{contestant.Name}, {(cold ? "cold" : "warm")}, {(pipelining ? "pipelined" : "one by one")}: {took.TotalSeconds:0.00} s");
        }
    }
}
