using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Bench.Dht;

/// <summary>
/// Twenty thousand datagrams a second over real sockets at one node: a third garbage, a third queries of one host, a third queries of many.
/// Beside them a client that asks fifty times a second.
/// </summary>
internal static class Flood
{
    private const int PerSecond = 20_000;
    private const int Hosts = 200;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Network = SHA256.HashData("apt-p2p network 1"u8)[..8];
    private static readonly byte[] Id = Encoding.ASCII.GetBytes("abcdefghij0123456789");

    public static async Task RunAsync()
    {
        await using var node = await NodeProcess.StartAsync(
            NodeProcess.Implementations[0].Command, "127.70", 1, new Dictionary<string, string>());
        var target = new IPEndPoint(IPAddress.Parse("127.70.1.1"), NodeProcess.Port);
        var quiet = await AskAsync(target, Duration / 3);
        var (memory, processor, watch) = (node.Memory, Processor(node.Id), Stopwatch.StartNew());
        var asking = AskAsync(target, Duration);
        var sent = await Task.Run(() => SendAsync(target));
        var flooded = await asking;
        var share = (Processor(node.Id) - processor) / watch.Elapsed.TotalSeconds;
        Console.WriteLine($"without a flood: {quiet}");
        Console.WriteLine(
            $"{sent / Duration.TotalSeconds:N0} datagrams a second: {flooded}; {share:P0} of a processor; memory {memory / 1e6:F0} MB "
            + $"before, {node.Memory / 1e6:F0} MB after");
    }

    private static async Task<long> SendAsync(IPEndPoint target)
    {
        var random = new Random(1);
        var garbage = new byte[300];
        random.NextBytes(garbage);
        var hosts = Enumerable.Range(1, Hosts).Select(static number => Socket($"127.71.{number}.1")).ToArray();
        using var one = Socket("127.72.1.1");
        var (sent, watch) = (0L, Stopwatch.StartNew());
        var query = Query("get_peers", "9:info_hash", random);
        while (watch.Elapsed < Duration)
        {
            for (var due = (long)(watch.Elapsed.TotalSeconds * PerSecond); sent < due; sent++)
            {
                var (socket, datagram) = (sent % 3) switch
                {
                    0 => (hosts[sent % Hosts], garbage),
                    1 => (one, query),
                    _ => (hosts[sent % Hosts], query),
                };
                try
                {
                    socket.SendTo(datagram, target);
                }
                catch (SocketException)
                {
                    // the kernel's buffer is full
                }
            }

            await Task.Delay(Tick, TimeProvider.System);
        }

        foreach (var host in hosts)
        {
            host.Dispose();
        }

        return sent;
    }

    private static async Task<string> AskAsync(IPEndPoint target, TimeSpan duration)
    {
        using var socket = Socket("127.73.1.1");
        var random = new Random(2);
        var times = new List<double>();
        var (asked, watch, buffer) = (0, Stopwatch.StartNew(), new byte[4096]);
        while (watch.Elapsed < duration)
        {
            asked++;
            var started = Stopwatch.GetTimestamp();
            socket.SendTo(Query("find_node", "6:target", random), target);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
            try
            {
                await socket.ReceiveAsync(buffer, patience.Token);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (OperationCanceledException)
            {
                continue; // not answered
            }

            await Task.Delay(Between, TimeProvider.System);
        }

        times.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{times.Count}/{asked} queries answered, in {times[times.Count / 2]:F1}/{times[times.Count * 95 / 100]:F1} ms (median/p95)");
    }

    private static Socket Socket(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }

    private static byte[] Query(string method, string argument, Random random)
    {
        var key = new byte[20];
        random.NextBytes(key);
        return
        [
            .. "d1:ad2:id20:"u8,
            .. Id,
            .. Encoding.ASCII.GetBytes($"{argument}20:"),
            .. key,
            .. "e1:n8:"u8,
            .. Network,
            .. Encoding.ASCII.GetBytes($"1:q{method.Length}:{method}2:roi1e1:t2:tx1:y1:qe"),
        ];
    }

    private static double Processor(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // the kernel's ticks
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }
}
