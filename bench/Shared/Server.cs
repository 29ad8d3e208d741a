using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AptP2P.Bench;

/// <summary>A server in a process of its own, ready when it takes connections.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2); // what is started may be measured

    private readonly Process _process;

    private Server(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>What it has used so far.</summary>
    public Usage Usage => Usage.Of(_process.Id);

    public static async Task<Server> StartAsync(IPEndPoint endPoint, string program, params IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        process.OutputDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        process.BeginOutputReadLine();
        var server = new Server(process);
        var began = TimeProvider.System.GetTimestamp();
        while (!await ConnectsAsync(endPoint))
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"{program} does not listen on {endPoint}");
            }

            await Task.Delay(Step, TimeProvider.System);
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> ConnectsAsync(IPEndPoint endPoint)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
