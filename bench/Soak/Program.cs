using System.Net;
using AptP2P.Bench;
using AptP2P.Bench.Soak;

// Usage: dotnet run -c Release --project bench/Soak [--quick] [--minutes=N] [--daemons=N] [--users=N] [--quota=MiB] [--rate=MB per s]
// [--seed=N] [--scratch=FOLDER]
return await Arguments.RunAsync(async () =>
{
    var arguments = Arguments.Read(args, "minutes", "daemons", "users", "quota", "rate", "seed");
    const string Block = "127.92";
    const int MB = 1_000_000;
    const int Packages = 120;
    const int Renewed = 6; // packages a minute
    const double FaultyShare = 0.3;
    var step = arguments.Quick ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(1);
    var minutes = arguments.Number("minutes", 35, quick: 2);
    var seed = arguments.Number("seed", 9977, quick: 9977);
    var faults = new Random(seed);
    using var work = arguments.CreateFolder();
    var archive = new LivingArchive(work["archive"], Packages, new Random(seed + 1));
    await using var mirror = await UnreliableMirror.StartAsync(
        IPEndPoint.Parse($"{Block}.250.1:8000"), archive.Root, arguments.Number("rate", 8, quick: 8) * MB, new Random(seed + 2));
    var daemons = new List<Daemon>();
    try
    {
        for (var i = 1; i <= arguments.Number("daemons", 6, quick: 2); i++)
        {
            string[] entrance = daemons.Count == 0 ? [] : [$"--Dht.Kademlia:Bootstrap={daemons[0].EndPoint}"];
            string[] options = [$"--Store:Quota={arguments.Number("quota", 64, quick: 64)}MiB", .. entrance];
            daemons.Add(await Daemon.StartAsync(IPEndPoint.Parse($"{Block}.{i}.1:9977"), work[$"daemon-{i}"], options));
        }

        Console.WriteLine($"{daemons.Count} daemons, {Packages} packages of {archive.Bytes / MB} MB");
        using var end = new CancellationTokenSource();
        var each = arguments.Number("users", 2, quick: 1);
        List<User> users = [.. Enumerable.Range(0, daemons.Count * each).Select(i =>
            new User(new Uri($"http://{daemons[i / each].EndPoint}/{mirror.Address.Authority}/"), new Random(seed + 10 + i)))];
        var lives = Task.WhenAll([.. users.Select(user => user.RunAsync(end.Token)), TroubleAsync(end.Token)]);
        using var client = new HttpClient();
        Console.WriteLine(Columns.Head);
        for (var minute = 0; minute <= minutes; minute++)
        {
            foreach (var (daemon, i) in daemons.Select((daemon, i) => (daemon, i)))
            {
                Console.WriteLine(Columns.Row(minute, i + 1, await Sample.TakeAsync(client, daemon.EndPoint, daemon.Process.Id)));
            }

            archive.Publish(Renewed);
            await (minute == minutes ? Task.CompletedTask : Task.WhenAny(lives, Task.Delay(step, TimeProvider.System)).Unwrap());
        }

        await end.CancelAsync();
        await lives;
        Console.WriteLine(
            $"users asked for {users.Sum(user => user.Files)} files and got {users.Sum(user => user.Bytes) / MB} MB; "
            + $"{users.Sum(user => user.Failures)} attempts failed, {users.Sum(user => user.Wrong)} brought a mirror's wrong bytes, "
            + $"{users.Sum(user => user.Lost)} files were given up");
    }
    finally
    {
        foreach (var daemon in daemons)
        {
            await daemon.DisposeAsync();
        }
    }

    async Task TroubleAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            (mirror.Fault, mirror.Share) = (faults.GetItems(Enum.GetValues<Fault>(), 1)[0], faults.NextDouble() * FaultyShare);
            await Task.Delay(TimeSpan.FromSeconds(faults.Next(5, 20)), TimeProvider.System, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
});
