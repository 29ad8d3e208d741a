using AptP2P.Host.Configuration;
using AptP2P.Shared;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>
/// Runs foreign code on a thread of its own, so that code that blocks holds none of the daemon's, and for a limited time. What goes wrong
/// comes back in words, never as an exception.
/// </summary>
/// <param name="limit">Stops a plugin that blocks from keeping the daemon from starting or ending.</param>
/// <param name="time">The clock.</param>
internal sealed class ForeignCalls(TimeSpan limit, TimeProvider time)
{
    /// <summary>How much of a foreign text goes into the log and onto the page.</summary>
    private const int MaxText = 300;

    /// <returns>
    /// What went wrong, or <see langword="null"/>. A call that took too long may still run: it is told to end, and nobody waits for it.
    /// </returns>
    public async Task<string?> TryAsync(string what, Func<CancellationToken, Task> call)
    {
        // Else the daemon's code would continue on the plugin's thread, perhaps inside a lock of the plugin's.
        var end = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var enough = new CancellationTokenSource();
        await using var timer = time.CreateTimer(
            _ =>
            {
                if (end.TrySetResult($"{what} took longer than {Duration.Format(limit)}"))
                {
                    _ = enough.CancelAsync(); // on another thread: what is registered there is foreign code as well
                }
            },
            null, limit, Timeout.InfiniteTimeSpan);
        _ = Task.Factory.StartNew(
            () => RunAsync(what, call, end, enough.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await end.Task;
    }

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
