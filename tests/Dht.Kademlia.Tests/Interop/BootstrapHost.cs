using System.Diagnostics;
using System.Net;
using System.Reflection;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Interop;

/// <summary>The real host in a process of its own, with this plugin and no other.</summary>
internal sealed class BootstrapHost : IAsyncDisposable
{
    private static readonly string Built = typeof(BootstrapHost)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static item => item.Key == "Host")
        .Value!;

    private readonly Process _process;
    private readonly Task<string> _errors;
    private Task _rest = Task.CompletedTask;

    private BootstrapHost(Process process, IPEndPoint endPoint) =>
        (_process, EndPoint, _errors) = (process, endPoint, process.StandardError.ReadToEndAsync());

    public IPEndPoint EndPoint { get; }

    /// <summary>Starts it and waits until it says that it listens.</summary>
    public static async Task<BootstrapHost> StartAsync(string address, TemporaryFolder folder)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), Daemon.Port);
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    Path.Combine(Built, "apt-p2p.dll"),
                    $"--Host:Bind={endPoint.Address}",
                    $"--Host:Port={endPoint.Port}",
                    $"--Host:State={folder.Make("state")}",
                    "--Host:Without=Neighbours.Lan,Source.Mirror,Source.Peers,Stats",
                    "--Host:Require=Dht.Kademlia",
                    "--Dht.Kademlia:Routers=",
                    "--Catalog:AptLists=",
                    "--Dht.Kademlia:Open=true",
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var host = new BootstrapHost(process, endPoint);
        await host.WaitUntilReadyAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _rest;
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (line.Contains("is ready at", StringComparison.Ordinal))
            {
                _rest = _process.StandardOutput.ReadToEndAsync(CancellationToken.None); // or it would stop at a full pipe
                return;
            }
        }

        Assert.Fail($"the host has ended instead of listening\n{string.Join('\n', said)}\n{await _errors}");
    }
}
