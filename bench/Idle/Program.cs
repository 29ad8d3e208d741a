using System.Globalization;
using System.Net;
using AptP2P.Bench;
using AptP2P.Bench.Idle;

// Usage: dotnet run -c Release --project bench/Idle [--quick] [--rounds=9] [--idle=70] [--scratch=FOLDER]
if (args is [Ceiling.Command, var listen, var length])
{
    await Ceiling.ServeAsync(IPEndPoint.Parse(listen), int.Parse(length, CultureInfo.InvariantCulture));
    return 0;
}

return await Arguments.RunAsync(async () =>
{
    const string Block = "127.94.0";
    const int File = 50_000;
    const int Idles = 3; // their memory differs by a hundredth
    var arguments = Arguments.Read(args, "rounds", "idle");
    Programs.Require(("nginx", "nginx-light"), (Contestant.AptCacher, Contestant.AptCacher));
    using var work = arguments.CreateFolder();
    var archive = Archive.Write(work["archive"], [File]);
    var path = archive.Files[0].Path;
    var endPoint = IPEndPoint.Parse($"{Block}.1:8000");
    var origin = new Uri($"http://{endPoint}/");
    await using var mirror = await Nginx.ServeAsync(work["origin"], endPoint, archive.Root);
    using (var client = new Client())
    {
        await client.GetAsync(new Uri(origin, path)); // what this program has to compile is no part of it
    }

    var cacher = Contestant.In(Block).Single(one => one.Name == Contestant.AptCacher);
    var (ours, floor) = (IPEndPoint.Parse($"{Block}.4:9977"), IPEndPoint.Parse($"{Block}.5:9977"));
    Candidate[] candidates =
    [
        new(Contestant.AptCacher, async state => (await cacher.StartAsync(state, origin))!, cacher.Source(origin)),
        new(Ceiling.Name, _ => Ceiling.StartAsync(floor, File), new Uri($"http://{floor}/")),
        new(
            Contestant.AptP2P, async state => (await Daemon.StartAsync(ours, state, Daemon.AllPlugins)).Process,
            new Uri($"http://{ours}/{origin.Authority}/")),
    ];
    var idle = TimeSpan.FromSeconds(arguments.Number("idle", 70, 2)); // it gives memory back within a minute
    for (var round = 0; round < arguments.Number("rounds", 9, 1); round++)
    {
        foreach (var one in candidates) // by turns: whatever slows the machine for a while slows all of them
        {
            await one.RunAsync(work[$"{one.Name.Replace(' ', '-')}-{round}"], path, round < Idles ? idle : null);
        }
    }

    var yardstick = candidates[0];
    var table = new Table(
        "idle", "start to first byte", "fastest", "slowest", "to apt-cacher-ng", "CPU", "MB resident", "to apt-cacher-ng",
        "private", "of it written to");
    foreach (var one in candidates)
    {
        table.Add(
            $"{one.Name}", $"{one.Starts.Median() * 1e3:0} ms", $"{one.Starts.Min() * 1e3:0} ms", $"{one.Starts.Max() * 1e3:0} ms",
            $"{one.Starts.Median() / yardstick.Starts.Median():0.0}", $"{one.Processors.Median() * 1e3:0} ms",
            $"{Resident(one) / 1e6:0.0}", $"{Resident(one) / Resident(yardstick):0.0}",
            $"{one.Memories.Select(memory => memory.Private).Median() / 1e6:0.0}",
            $"{one.Memories.Select(memory => memory.Written).Median() / 1e6:0.0}");
    }

    Console.WriteLine(table);

    static double Resident(Candidate one) => one.Memories.Select(memory => memory.Resident).Median();
});
