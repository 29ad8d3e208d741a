using System.Globalization;
using System.Net;
using AptP2P.Bench;
using AptP2P.Bench.Packages;

// Usage: dotnet run -c Release --project bench/Packages [--quick] [--files=N] [--before=N] [--rounds=N] [--only=NAME,NAME] [--idle=SECONDS]
// [--scratch=FOLDER]
return await Arguments.RunAsync(async () =>
{
    var arguments = Arguments.Read(args, "files", "before", "rounds", "only", "idle");
    Programs.Require(("apt-get", "apt"), ("nginx", "nginx-light"), ("apt-cacher-ng", "apt-cacher-ng"));
    using var work = arguments.CreateFolder(); // up to 6 GB
    const string Block = "127.88.0";
    var all = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "sizes.txt")).Where(line => line[0] != '#')
        .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
    var files = arguments.Number("files", all.Count, quick: 100);
    var sizes = Spread(files);
    var before = Spread(arguments.Number("before", 200, quick: 20));
    var archive = Archive.Write(work["archive"], [.. before, .. sizes]);
    var endPoint = IPEndPoint.Parse($"{Block}.1:8000");
    await using var mirror = await Nginx.ServeAsync(work["origin"], endPoint, archive.Root);

    var only = arguments.Text("only", "");
    var race = new Race(
        new Uri($"http://{endPoint}/"), archive, before.Length, TimeSpan.FromSeconds(arguments.Number("idle", 10, quick: 1)), work["run"]);
    var rounds = arguments.Number("rounds", 3, quick: 1);
    Console.WriteLine($"{files} packages, {sizes.Sum(size => (long)size) / 1_000_000} MB, {rounds} rounds");
    for (var round = 0; round < rounds; round++)
    {
        foreach (var pipelining in (bool[])[true, false])
        {
            // Interleaved: whatever slows the machine for a while slows all of them.
            foreach (var contestant in Contestant.In(Block).Where(one => only.Length == 0 || only.Split(',').Contains(one.Name)))
            {
                await race.RunAsync(contestant, pipelining, isFirst: round == 0 && pipelining);
            }
        }
    }

    race.Costs.Verified(archive);
    Console.WriteLine(race.Times);
    Console.WriteLine(race.Costs);

    // Of the whole distribution, large and small taking turns as in a real installation.
    int[] Spread(int count)
    {
        var sizes = Enumerable.Range(0, count).Select(i => all[(int)((i + 0.5) * all.Count / count)]).ToArray();
        new Random(count).Shuffle(sizes);
        return sizes;
    }
});
