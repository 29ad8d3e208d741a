using System.Diagnostics;
using System.Net;
using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>
/// BitTorrent's Mainline DHT, in small: libtorrent nodes, each in a /24 of its own, the first two at the routers' addresses.
/// </summary>
internal sealed class Mainline : IAsyncDisposable
{
    private const int Nodes = 20;
    private const string Program = """
        import libtorrent, random, sys, time
        first = sys.argv[1]
        places = [(first, 25401), (first, 6881)] + [(a, 6881) for a in sys.argv[2:]]
        quiet = dict(enable_dht=True, enable_lsd=False, enable_upnp=False, enable_natpmp=False, enable_incoming_tcp=False,
            enable_outgoing_tcp=False, enable_outgoing_utp=False, enable_incoming_utp=False, allow_multiple_connections_per_ip=True,
            aio_threads=1, hashing_threads=1, alert_mask=0)
        nodes = []
        for i, (address, port) in enumerate(places):
            nodes.append(libtorrent.session(dict(quiet, listen_interfaces=f'{address}:{port}', outgoing_interfaces=address,
                dht_bootstrap_nodes='' if i == 0 else f'{first}:25401')))
            time.sleep(0.02)
        t = 0
        while min(n.status().dht_nodes for n in nodes) < min(8, len(places) - 3):
            if t % 10 == 0:
                for n in nodes:
                    for place in random.sample(places, 4):
                        n.add_dht_node(place)
            t += 1
            time.sleep(0.1)
        print('ready', flush=True)
        sys.stdin.read()
        """;

    private Process? _process;

    /// <summary>Starts it on a server, whose interface gets the addresses, and waits until its nodes know each other.</summary>
    public async Task StartAsync(Lab lab, NetworkNamespace server)
    {
        var addresses = Enumerable.Range(1, Nodes - 1).Select(n => new IPAddress([1, 18, (byte)n, 1]).ToString()).ToArray();
        await lab.RouteAsync("1.18.0.0/16", Lab.MainlineAddress);
        await server.ShellAsync(string.Join('\n', addresses.Select(address => $"ip addr add {address}/32 dev eth0")));
        var (program, arguments) = server.Inside(
            "/usr/bin/python3", ["-W", "ignore", "-c", Program, $"{Lab.MainlineAddress}", .. addresses]);
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var said = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Command.Patience);
        Assert.Equal("ready", said);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
