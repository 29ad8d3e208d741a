using System.Net;
using AptP2P.Bench;
using AptP2P.Bench.Sources;

// Usage: dotnet run -c Release --project bench/Sources [--quick] [--rounds=N] [--rate=MB per s] [--latency=ms] [--peers=N] [--only=PART OF
// A NAME] [--scratch=FOLDER]
return await Arguments.RunAsync(async () =>
{
    var arguments = Arguments.Read(args, "rounds", "rate", "latency", "peers", "only");
    const string Block = "127.91";
    const int MB = 1_000_000;
    var rate = arguments.Number("rate", 20, quick: 60) * MB;
    var latency = TimeSpan.FromMilliseconds(arguments.Number("latency", 20, quick: 20));
    var peers = arguments.Number("peers", 4, quick: 4); // from three on the mirror is not asked as long as they serve
    using var work = arguments.CreateFolder();
    var course = Course.Write(work["archive"]);
    await using var origin = await Origin.StartAsync(IPEndPoint.Parse($"{Block}.0.1:8000"), course.Archive.Root, rate, latency);

    List<Scenario> scenarios = [.. Scenario.All.Where(one => one.Name.Contains(arguments.Text("only", ""), StringComparison.Ordinal))];
    List<Lap> direct = [];
    var laps = scenarios.ToDictionary(one => one, _ => new List<Lap>());
    for (var round = arguments.Number("rounds", 3, quick: 1); round > 0; round--)
    {
        direct.Add(await course.RunAsync(origin.Address));
        foreach (var scenario in scenarios) // by turns, each with a daemon that remembers nothing
        {
            var lap = await MeasureAsync(scenario);
            laps[scenario].Add(lap);
            Console.WriteLine($"{scenario.Name}: {lap.Seconds.Sum():0.00} s");
        }
    }

    Console.WriteLine($"a mirror of {rate / MB} MB/s with {latency.TotalMilliseconds:0} ms before each answer; {peers} peers");
    Console.WriteLine(Report.Write(direct, laps));

    async Task<Lap> MeasureAsync(Scenario scenario)
    {
        var endPoint = IPEndPoint.Parse($"{Block}.1.1:9977");
        string[] options = scenario.Plugins ? [] : ["--Host:Without=Dht.Kademlia,Neighbours.Lan,PortMapping,Source.Peers"];
        List<ForeignPeer> crew = [];
        var daemon = await Daemon.StartAsync(endPoint, work["state"], options);
        try
        {
            await Daemon.LearnAsync(endPoint, origin.Address);
            var source = new Uri($"http://{endPoint}/{origin.Address.Authority}/");
            await course.WarmAsync(source);
            for (var i = 0; scenario.Peers is { } conduct && i < (scenario.Count ?? peers); i++)
            {
                crew.Add(
                    await ForeignPeer.StartAsync(
                        IPEndPoint.Parse($"{Block}.{10 + i}.1:9977"), conduct, course.Archive, course.Files, endPoint));
            }

            origin.Reset();
            var lap = await course.RunAsync(source);
            return lap with { FromMirror = (double)origin.BytesSent / course.Files.Sum(file => (long)file.Length) };
        }
        finally
        {
            foreach (var peer in crew)
            {
                await peer.DisposeAsync();
            }

            await daemon.DisposeAsync();
            Directory.Delete(work["state"], recursive: true);
        }
    }
});
