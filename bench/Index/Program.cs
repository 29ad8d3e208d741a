using System.Globalization;
using AptP2P.Bench.Index;

// Usage: dotnet run -c Release --project bench/Index [rounds]
// One child process per measurement, so that memory is each one's own; the programs take turns in every round.
if (args is ["learn", var file, var before])
{
    for (var warming = int.Parse(before, CultureInfo.InvariantCulture); warming > 0; warming--)
    {
        await Learning.MeasureAsync(file);
    }

    Console.WriteLine(await Learning.MeasureAsync(file));
    return 0;
}

var rounds = args is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
using var folder = new WorkFolder();
var index = await Mirror.DownloadAsync(folder.Path);
if (index is null)
{
    Console.WriteLine("apt on this machine has no Debian main index configured, or its mirror does not answer");
    return 1;
}

var programs = Programs.All(index, folder.Path).ToList();
var results = programs.ToDictionary(program => program.Name, _ => new List<Measurement>());
for (var round = 0; round < rounds; round++)
{
    foreach (var program in programs)
    {
        results[program.Name].Add(await program.RunAsync());
    }
}

Report.Write(index, results);
return 0;
