namespace AptP2P.Bench.Idle;

/// <summary>Something that is started, asked for one file, and left alone.</summary>
/// <param name="Name">For the table.</param>
/// <param name="StartAsync">Starts it on a folder of its own.</param>
/// <param name="Source">What stands before a file's path.</param>
internal sealed record Candidate(string Name, Func<string, Task<Server>> StartAsync, Uri Source)
{
    /// <summary>From its start to the first byte that it gives, in seconds.</summary>
    public List<double> Starts { get; } = [];

    /// <summary>The processor time that it took until then, in seconds: what else the machine does hardly changes it.</summary>
    public List<double> Processors { get; } = [];

    public List<Memory> Memories { get; } = [];

    /// <param name="state">Its folder, which is empty.</param>
    /// <param name="path">Of the file.</param>
    /// <param name="idle">How long it is left alone before its memory is read; not at all without.</param>
    public async Task RunAsync(string state, string path, TimeSpan? idle)
    {
        Directory.CreateDirectory(state);
        var began = TimeProvider.System.GetTimestamp();
        await using var server = await StartAsync(state);
        var listens = TimeProvider.System.GetElapsedTime(began);
        using (var client = new Client())
        {
            Starts.Add((listens + (await client.GetAsync(new Uri(Source, path))).FirstByte).TotalSeconds);
            Processors.Add(server.Usage.Processor.TotalSeconds);
        }

        if (idle is { } time)
        {
            await Task.Delay(time, TimeProvider.System);
            Memories.Add(Memory.Of(server.Id));
        }
    }
}
