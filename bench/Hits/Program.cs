using System.Globalization;
using System.Net;
using AptP2P.Bench;
using AptP2P.Bench.Hits;

// Usage: dotnet run -c Release --project bench/Hits [--quick] [--watched] [--rounds=N] [--seconds=N] [--scratch=FOLDER]
if (args is [Ceiling.Command, var listen, var length])
{
    await Ceiling.ServeAsync(IPEndPoint.Parse(listen), int.Parse(length, CultureInfo.InvariantCulture));
    return 0;
}

return await Arguments.RunAsync(async () =>
{
    var arguments = Arguments.Read(args, "watched", "rounds", "seconds");
    Programs.Require(("nginx", "nginx-light"), ("apt-cacher-ng", "apt-cacher-ng"), ("wrk", "wrk"), ("curl", "curl"));
    using var work = arguments.CreateFolder();
    const int SmallFiles = 64; // not one: a real cache is not asked for the same file all the time
    const string Block = "127.89.0";
    var archive = Archive.Write(work["archive"], [.. Enumerable.Repeat(Load.SmallFile, SmallFiles), Load.LargeFile]);
    var load = new Load(work.Folder, [.. archive.Files.SkipLast(1)], archive.Files[^1]);
    var endPoint = IPEndPoint.Parse($"{Block}.1:8000");
    var origin = new Uri($"http://{endPoint}/");
    await using var mirror = await Nginx.ServeAsync(work["origin"], endPoint, archive.Root);

    var seconds = arguments.Number("seconds", 3, 1);
    if (arguments.Has("watched"))
    {
        await using var watched = new Watched(archive, load, work, origin, Block);
        Console.WriteLine(await watched.MeasureAsync(arguments.Number("rounds", 15, 1), seconds));
        return;
    }

    var ceiling = IPEndPoint.Parse($"{Block}.5:9977");
    List<Contender> contenders =
    [
        new(
            $"{Ceiling.Name}, from memory", await Ceiling.StartAsync(ceiling, Load.SmallFile), new Uri($"http://{ceiling}/"),
            HasFiles: false),
    ];
    try
    {
        foreach (var contestant in Contestant.In(Block).Where(one => one.Keeps))
        {
            var server = await contestant.StartAsync(work[contestant.Name.Replace(' ', '-')], origin);
            contenders.Add(new Contender(contestant.Name, server!, contestant.Source(origin)));
        }

        await Daemon.LearnAsync(IPEndPoint.Parse(contenders.Single(one => one.Name == Contestant.AptP2P).Source.Authority), origin);
        foreach (var contender in contenders)
        {
            await contender.WarmAsync(archive);
            await load.RequestAsync(contender.Source, contender.Server, seconds); // compiled by now
        }

        for (var round = arguments.Number("rounds", 5, 1); round > 0; round--)
        {
            foreach (var contender in contenders) // by turns: whatever slows the machine for a while slows all of them
            {
                contender.Requests.Add(await load.RequestAsync(contender.Source, contender.Server, seconds));
                if (contender.HasFiles)
                {
                    contender.Streams.Add(await load.DownloadAsync(contender.Source, contender.Server, times: 10));
                }
            }
        }

        Console.WriteLine(Report.Write(contenders));
    }
    finally
    {
        foreach (var contender in contenders)
        {
            await contender.Server.DisposeAsync();
        }
    }
});
