using System.Net;
using AptP2P.Bench.Packages;

var options = Options.Read(args);
var scratch = Directory.CreateDirectory(Path.Combine(options.Scratch, $"aptp2p-bench-{Environment.ProcessId}")).FullName;
try
{
    var archive = Archive.Write(Path.Combine(scratch, "archive"), options.Files);
    var endPoint = IPEndPoint.Parse("127.88.0.1:8000");
    await using var origin = await Nginx.ServeAsync(Path.Combine(scratch, "origin"), endPoint, Path.Combine(scratch, "archive"));
    Console.WriteLine($"{archive.Packages.Count} packages, {archive.Bytes / 1_000_000} MB, {options.Rounds} rounds");
    var results = new Results();
    for (var round = 0; round < options.Rounds; round++)
    {
        foreach (var pipelining in (bool[])[true, false])
        {
            // Interleaved: whatever slows the machine for a while slows all of them.
            foreach (var contestant in Contestant.All.Where(one => options.Only.Count == 0 || options.Only.Contains(one.Name)))
            {
                await Race.RunAsync(contestant, new Uri($"http://{endPoint}/"), archive, pipelining, Path.Combine(scratch, "run"), results);
            }
        }
    }

    Console.WriteLine(results.ToMarkdown());
}
finally
{
    Directory.Delete(scratch, recursive: true);
}
