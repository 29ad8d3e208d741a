using System.Globalization;
using System.Net;
using AptP2P.Bench;
using AptP2P.Bench.Crowd;

// Usage: dotnet run -c Release --project bench/Crowd [--quick] [--daemons=8,20,50] [--clients=N] [--megabytes=N] [--rate=MB per s]
// [--processes] [--scratch=FOLDER]
return await Arguments.RunAsync(async () =>
{
    var arguments = Arguments.Read(args, "daemons", "clients", "megabytes", "rate", "processes");
    const string Block = "127.90"; // each daemon a network of its own below it
    const int MB = 1_000_000;
    const int WarmingDaemons = 4;
    var size = arguments.Number("megabytes", 100, quick: 10) * MB;
    var rate = arguments.Number("rate", 20, quick: 20) * MB;
    using var work = arguments.CreateFolder(); // a copy of the file for each daemon
    var archive = Archive.Write(work["archive"], [size, size / 5]);
    await using var origin = await Origin.StartAsync(IPEndPoint.Parse($"{Block}.250.1:8000"), archive.Root, rate, latency: TimeSpan.Zero);
    var inProcesses = arguments.Has("processes");

    // One daemon and eight clients is the other crowd: those behind one daemon.
    var crowds =
        arguments.Has("clients") || arguments.Has("daemons")
            ? arguments
                .Text("daemons", "8")
                .Split(',')
                .Select(count => (Daemons: int.Parse(count, CultureInfo.InvariantCulture), Clients: arguments.Number("clients", 1, 1)))
                .ToList()
        : arguments.Quick ? [(1, 8), (8, 1)]
        : [(1, 8), (8, 1), (20, 1), (50, 1)];
    if (!inProcesses)
    {
        await MeasureAsync(WarmingDaemons, 1, archive.Files[1]); // compiled by now
    }

    var oneCopy = TimeSpan.FromSeconds((double)size / rate);
    Console.WriteLine(
        $"{size / MB} MB, {rate / MB} MB/s in all from the mirror, so {oneCopy.TotalSeconds:0.0} s for one copy; "
            + $"daemons {(inProcesses ? "in processes of their own" : "in one process")}");
    var table = new Table(
        "daemons", "clients each", "makespan", "to one copy", "copies from the mirror", "first byte, median", "first byte, last",
        "CPU, cores busy", "CPU s per GB delivered", "peak MB in all", "wrong");
    foreach (var (daemons, clients) in crowds)
    {
        var run = await MeasureAsync(daemons, clients, archive.Files[0]);
        var first = run.Downloads.Select(download => download.FirstByte.TotalSeconds).ToList();
        table.Add(
            $"{daemons}", $"{clients}", $"{run.Makespan.TotalSeconds:0.0} s", $"{run.Makespan / oneCopy:0.00}",
            $"{(double)run.OriginBytes / size:0.00}", $"{first.Median():0.00} s", $"{first.Max():0.00} s",
            Cost($"{run.Processor / run.Makespan:0.0} of {Environment.ProcessorCount}"),
            Cost($"{run.Processor.TotalSeconds / ((double)size * run.Downloads.Count) * 1e9:0.0}"), Cost($"{run.PeakMemory / MB}"),
            $"{run.Wrong}");
    }

    Console.WriteLine(table);

    // of the daemons only where they are in it
    FormattableString Cost(FormattableString ofThisProcess) => inProcesses ? $"" : ofThisProcess;

    async Task<Run> MeasureAsync(int daemons, int clients, ArchiveFile file)
    {
        await using var swarm = await Swarm.StartAsync(work["daemons"], Block, daemons, origin.Address, async (endPoint, state, options) =>
            inProcesses
                ? await Daemon.StartAsync(endPoint, state, options)
                : await HostedDaemon.StartAsync(endPoint, state, [.. options, "--Host:Log=None"]));
        return await Run.MeasureAsync(swarm, origin, file, clients, patience: TimeSpan.FromMinutes(3));
    }
});
