using System.Diagnostics;
using AptP2P.Dht.Kademlia.Tests.Simulation;

namespace AptP2P.Bench.Dht;

/// <summary>The tests' simulated networks, larger: virtual time, round trips of 20 to 300 ms, fixed seeds.</summary>
internal static class Simulations
{
    private const int Keys = 200;

    /// <summary>Hops and queries beside log2(n), healthy and with 30 % dead.</summary>
    public static void Sizes()
    {
        foreach (var size in new[] { 100, 1000, 10_000 })
        {
            var watch = Stopwatch.StartNew();
            var network = new SimulatedNetwork(seed: 100);
            var nodes = network.Grow(size);
            var announced = network.Announce(nodes, Keys);
            Console.WriteLine(
                $"{size:N0} nodes: {network.Find(nodes, announced)} ({watch.Elapsed.TotalSeconds:F0} s of real time for "
                + $"{network.Time.Elapsed.TotalMinutes:F0} min)");
            foreach (var dead in nodes.Where(_ => network.Random.NextDouble() < 0.3).ToList())
            {
                network.Kill(dead);
                nodes.Remove(dead);
            }

            Console.WriteLine($"{size:N0} nodes of which 30 % have died: {network.Find(nodes, announced)}");
        }
    }

    /// <summary>Announcing 10,000 keys again in a network of 200, against one look-up for each.</summary>
    public static void Announcing()
    {
        const int Contents = 10_000;
        const int Singles = 50;
        var network = new SimulatedNetwork(seed: 101);
        var nodes = network.Grow(200);
        var announcer = nodes[0];
        var single = Enumerable.Range(0, Singles).Average(number => One(SimulatedNetworks.Content(number)));
        foreach (var content in Enumerable.Range(1000, Contents).Select(static number => SimulatedNetworks.Content(number)))
        {
            announcer.Node.Announce(content.Key(), content);
        }

        network.Time.Advance(TimeSpan.FromMinutes(30)); // all are known, and repeated by now
        var (sent, started) = (announcer.Node.Traffic.PacketsOut, network.Time.Elapsed);
        network.Time.Advance(TimeSpan.FromHours(3));
        var rounds = (network.Time.Elapsed - started) / TimeSpan.FromMinutes(22.5); // each is repeated after 15 to 30 minutes
        var perKey = 2 * (announcer.Node.Traffic.PacketsOut - sent) / rounds / Contents; // and as many come back
        Console.WriteLine(
            $"announcing {Contents:N0} keys again, 200 nodes: {perKey:F2} datagrams per key, upkeep included; by a look-up each "
            + $"{single:F1}; ratio 1:{single / perKey:F0}");

        double One(Announcement content)
        {
            var before = announcer.Node.Traffic.PacketsOut;
            announcer.Node.Announce(content.Key(), content);
            network.Time.Advance(TimeSpan.FromSeconds(1));
            return 2.0 * (announcer.Node.Traffic.PacketsOut - before);
        }
    }

    /// <summary>An hour without any wish.</summary>
    public static void Idle()
    {
        foreach (var size in new[] { 120, 1000 })
        {
            var network = new SimulatedNetwork(seed: 102);
            var nodes = network.Grow(size);
            network.Time.Advance(TimeSpan.FromHours(1));
            var (bytes, datagrams, entries) = (network.Bytes, network.Datagrams, Entries(nodes));
            network.Time.Advance(TimeSpan.FromHours(1));
            var perSecond = 2.0 * (network.Bytes - bytes + (28 * (network.Datagrams - datagrams))) / 3600 / size;
            Console.WriteLine(
                $"an idle hour, {size:N0} nodes: {perSecond:F0} B/s per node, both ways, with IP and UDP headers; contacts, queries and "
                + $"deadlines per node {entries:F0} before, {Entries(nodes):F0} after");
        }
    }

    /// <summary>All nodes restart within five seconds, each for two; one in two hundred has a thousand contents, the others four.</summary>
    public static void Storm()
    {
        foreach (var size in new[] { 1000, 10_000 })
        {
            var storm = new RestartStorm(size, static number => number % 200 == 0 ? 1000 : 4, seed: 103);
            Console.WriteLine($"{size:N0} nodes, before: {storm.Watch(TimeSpan.FromSeconds(20))}");
            storm.Restart(within: TimeSpan.FromSeconds(5), down: TimeSpan.FromSeconds(2));
            Console.WriteLine($"{size:N0} nodes, restarted within 5 s: {storm.Watch(TimeSpan.FromSeconds(40))}");
            Console.WriteLine($"{size:N0} nodes, after: {storm.Watch(TimeSpan.FromSeconds(20))}");
        }
    }

    private static double Entries(List<SimulatedNode> nodes) =>
        nodes.Average(static node => node.Family.Table.Count + node.Node.Counts.PendingQueries + node.Node.Counts.Deadlines);
}
