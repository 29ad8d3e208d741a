namespace AptP2P.Host.Fetching.Channels;

/// <summary>The tasks that one fetch has started, most of them in sources' code. They end before it does.</summary>
internal sealed partial class OwnedTasks(ContentHash content, ChannelEnvironment environment, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly List<(Task Task, ISource? Source)> _tasks = [];

    public void Add(Task task, ISource? source = null)
    {
        lock (_lock)
        {
            _tasks.Add((task, source));
        }
    }

    /// <summary>
    /// Waits for every task that was started; those that end may have started more. It does not wait for ever, since the next fetch of the
    /// content waits for this: what a plugin does not end in time is left to itself.
    /// </summary>
    public async Task EndAsync()
    {
        var (began, limit) = (environment.Time.GetTimestamp(), environment.Options.PluginTime);
        while (Running() is { Length: > 0 } running && limit - environment.Time.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            await Task.WhenAll(running.Select(own => own.Task)).WaitAsync(left, environment.Time) // each has logged its own failure
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        foreach (var (task, source) in Running())
        {
            LogNotEnded(source?.Name ?? "store", content, limit.TotalSeconds);
            environment.Gates.Leave(source, task);
        }
    }

    private (Task Task, ISource? Source)[] Running()
    {
        lock (_lock)
        {
            return [.. _tasks.Where(own => !own.Task.IsCompleted)];
        }
    }

    [LoggerMessage(
        1208, LogLevel.Error,
        "The source {Source} has not ended its work for {Hash} in {Seconds} s, as it was told to: it is left to itself")]
    private partial void LogNotEnded(string source, ContentHash hash, double seconds);
}
