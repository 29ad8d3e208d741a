using AptP2P.Bench.Dht;

// Usage: dotnet run -c Release --project bench/Dht [sidebyside|simulation|announcing|idle|storm|storing|flood ...]
// Without names, all of them. Each prints tables for docs/benchmarks.md.
if (args is ["nodes", .. var settings])
{
    return await OurNodes.RunAsync(settings);
}

var benchmarks = new Dictionary<string, Func<Task>>
{
    ["sidebyside"] = SideBySide.RunAsync,
    ["simulation"] = () => Task.Run(Simulations.Sizes),
    ["announcing"] = () => Task.Run(Simulations.Announcing),
    ["idle"] = () => Task.Run(Simulations.Idle),
    ["storm"] = () => Task.Run(Simulations.Storm),
    ["storing"] = () => Task.Run(Storing.Run),
    ["flood"] = Flood.RunAsync,
};
foreach (var name in args.Length > 0 ? args : [.. benchmarks.Keys])
{
    if (!benchmarks.TryGetValue(name, out var run))
    {
        Console.WriteLine($"there is no {name}, only {string.Join(", ", benchmarks.Keys)}");
        return 1;
    }

    await run();
    Console.WriteLine();
}

return 0;
