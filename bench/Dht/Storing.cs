using System.Diagnostics;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Bench.Dht;

/// <summary>What one announced contact costs a store that is full, and how much memory that takes, by who announces.</summary>
internal static class Storing
{
    private const int Rounds = 500_000;
    private const uint Hosts = 0x30000001;

    public static void Run()
    {
        Measure(
            "from 20 subnets, each for another key", static i => UdpEndpoint.FromV4(Hosts + ((uint)(i % 20) << 8), 9977),
            static random => NodeId.Create(random));
        Measure(
            "each from another subnet, for another key", static i => UdpEndpoint.FromV4(Hosts + ((uint)i << 8), 9977),
            static random => NodeId.Create(random));
        Measure(
            "each from another subnet, all for one key", static i => UdpEndpoint.FromV4(Hosts + ((uint)i << 8), 9977),
            static _ => NodeId.Max);
    }

    private static void Measure(string what, Func<int, UdpEndpoint> from, Func<Random, NodeId> keyOf)
    {
        var (options, random) = (new KademliaOptions(), new Random(1));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var store = new ContactStore(options, random);
        for (var i = 0; i < options.MaxContacts; i++)
        {
            Add(i);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var watch = Stopwatch.StartNew();
        for (var i = options.MaxContacts; i < options.MaxContacts + Rounds; i++)
        {
            Add(i);
        }

        Console.WriteLine(
            $"{what}: {watch.Elapsed.TotalMicroseconds / Rounds:F1} us each; {store.Contacts:N0} contacts of {store.Keys:N0} keys at "
            + $"{bytes / store.Contacts} bytes each");

        void Add(int i) => store.TryAdd(keyOf(random), new StoredContact(from(i), TimeSpan.FromMinutes(45), []), TimeSpan.Zero);
    }
}
