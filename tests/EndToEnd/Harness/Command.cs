using System.Diagnostics;
using System.Text;

namespace AptP2P.EndToEnd.Harness;

/// <summary>What a program did.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output)
{
    public CommandResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{this}");
        return this;
    }

    public CommandResult Failed()
    {
        Assert.True(ExitCode != 0, $"exit code 0 where a failure was due\n{this}");
        return this;
    }

    public override string ToString() => $"$ {CommandLine}\n{Output}[exit code {ExitCode}]";
}

/// <summary>Runs other programs to their end.</summary>
internal static class Command
{
    /// <summary>Far beyond what any of them needs: it only turns a hang into a failure that shows what was said until then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null,
        TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        var readers = Task.WhenAll(CollectAsync(process.StandardOutput, output), CollectAsync(process.StandardError, output));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience ?? Patience);
        var line = string.Join(' ', start.ArgumentList.Prepend(program));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await readers;
            Assert.Fail($"did not end within {patience ?? Patience}: $ {line}\n{output}");
        }

        await readers;
        return new CommandResult(line, process.ExitCode, output.ToString());
    }

    private static async Task CollectAsync(StreamReader reader, StringBuilder output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
    }
}
