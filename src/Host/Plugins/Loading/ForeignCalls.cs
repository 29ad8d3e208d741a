using AptP2P.Host.Configuration;
using AptP2P.Shared;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>
/// Lets foreign code do something: on a thread of its own, so that what blocks holds none of the daemon's, and for a limited time. Whatever
/// becomes of it is said in words; it is never an exception here.
/// </summary>
/// <param name="limit">What it stops: a plugin that blocks would keep the daemon from ever starting or ending.</param>
/// <param name="time">The clock.</param>
internal sealed class ForeignCalls(TimeSpan limit, TimeProvider time)
{
    /// <summary>Of a foreign text, which goes into the log and onto the page.</summary>
    private const int MaxText = 300;

    /// <returns>
    /// What went wrong, or <see langword="null"/>. What took too long may still be running: it is told to end, and nobody waits for it.
    /// </returns>
    public async Task<string?> TryAsync(string what, Func<CancellationToken, Task> call)
    {
        // Else the daemon would go on from here on the plugin's thread, perhaps inside of a lock of the plugin's.
        var end = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var enough = new CancellationTokenSource();
        await using var timer = time.CreateTimer(
            _ =>
            {
                if (end.TrySetResult($"{what} took longer than {Duration.Format(limit)}"))
                {
                    _ = enough.CancelAsync(); // elsewhere: what is registered there is foreign code as well
                }
            },
            null, limit, Timeout.InfiniteTimeSpan);
        _ = Task.Factory.StartNew(
            () => RunAsync(what, call, end, enough.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await end.Task;
    }

    public Task<string?> TryAsync(string what, Action call) => TryAsync(what, _ =>
    {
        call();
        return Task.CompletedTask;
    });

    /// <summary>An exception in a few words. Its message is foreign code, too.</summary>
    public static string Describe(Exception exception)
    {
        try
        {
            return ToLine($"{exception.GetType().Name}: {exception.Message}");
        }
        catch (Exception e) // any
        {
            return $"{exception.GetType().Name}, and its message threw {e.GetType().Name}";
        }
    }

    /// <summary>A foreign text as one line of bounded length, without characters that do something to a terminal or a page.</summary>
    public static string ToLine(string? text)
    {
        text ??= "";
        return Printable.Of(text.Length > MaxText ? text[..MaxText] + "..." : text);
    }

    private static async Task RunAsync(
        string what, Func<CancellationToken, Task> call, TaskCompletionSource<string?> end, CancellationToken cancellationToken)
    {
        try
        {
            await (call(cancellationToken) ?? Task.CompletedTask);
            end.TrySetResult(null);
        }
        catch (Exception e) // any: it is foreign code
        {
            end.TrySetResult($"{what} threw {Describe(e)}");
        }
    }
}
