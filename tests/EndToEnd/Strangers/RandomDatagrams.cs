using System.Net;
using System.Net.Sockets;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>
/// A node of the DHT that asks, puts and announces all there is, right and wrong, and does not wait for answers; but it uses the tokens in
/// them.
/// </summary>
internal sealed class RandomDatagrams : IDisposable
{
    private const int Port = 6881;
    private const int KeyLength = 20;
    private const int LongestNoise = 1600;
    private const double MutatedShare = 0.4;
    private const double NoiseShare = 0.05;

    private readonly UdpClient _socket;
    private readonly SignedRepository _repository;
    private readonly byte[] _id;
    private byte[] _token = [];

    public RandomDatagrams(IPAddress address, IPEndPoint daemon, SignedRepository repository)
    {
        _socket = new UdpClient(new IPEndPoint(address, Port));
        _socket.Connect(daemon);
        (_repository, _id) = (repository, new Random(address.GetHashCode()).Bytes(KeyLength));
    }

    public long Sent { get; private set; }

    /// <summary>Answers that made sense.</summary>
    public long Answers { get; private set; }

    public async Task SendAsync(Random random, CancellationToken cancellationToken)
    {
        Read();
        var message = Krpc.Encode(Message(random));
        var datagram = random.Chance(NoiseShare) ? random.Bytes(random.Next(LongestNoise))
            : random.Chance(MutatedShare) ? random.Mutate(message)
            : message;
        try
        {
            await _socket.SendAsync(datagram, cancellationToken);
            Sent++;
        }
        catch (SocketException)
        {
            // The kernel tells what became of an earlier one.
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        while (_socket.Available > 0)
        {
            IPEndPoint? from = null;
            var answer = Krpc.Decode(_socket.Receive(ref from));
            if (answer.TryGetValue("r", out var values))
            {
                Answers++;
                _token = ((SortedDictionary<string, object>)values).TryGetValue("token", out var token) ? (byte[])token : _token;
            }
        }
    }

    private SortedDictionary<string, object> Message(Random random)
    {
        var transaction = random.Bytes(random.One(0, 1, 2, 2, 4, 20));
        var network = random.Chance(0.9) ? Krpc.Network : random.Bytes(random.One(0, 7, 8, 9));
        if (random.Chance(0.05))
        {
            var values = new List<object> { random.Bytes(6) };
            var answer = Krpc.Dictionary(("id", _id), ("nodes", random.Bytes(26 * random.Next(9))), ("values", values));
            return Krpc.Dictionary(("n", network), ("r", answer), ("t", transaction), ("y", "r"));
        }

        if (random.Chance(0.05))
        {
            return Krpc.Dictionary(("e", new List<object> { 201L, "no" }), ("n", network), ("t", transaction), ("y", "e"));
        }

        var method = random.One("ping", "find_node", "get_peers", "announce_peer", "get", "put", "sample_infohashes", "vote");
        var version = random.Chance(0.3) ? "AP\0\u0001" : "LT\u0001\u0002";
        return Krpc.Dictionary(
            ("a", Arguments(random, method)), ("n", network), ("q", method), ("ro", (long)random.Next(2)), ("t", transaction),
            ("v", version), ("y", "q"));
    }

    private SortedDictionary<string, object> Arguments(Random random, string method)
    {
        var arguments = Krpc.Dictionary(("id", random.Chance(0.7) ? _id : random.Bytes(KeyLength)));
        var package = random.GetItems([.. _repository.Packages], 1)[0];
        var key = random.Chance(0.5) ? Convert.FromHexString(package.Sha256)[..KeyLength] : random.Bytes(KeyLength);
        switch (method)
        {
            case "find_node" or "get" or "sample_infohashes":
                arguments["target"] = key;
                arguments["want"] = new List<object> { "n4", "n6" };
                break;
            case "get_peers":
                arguments["info_hash"] = key;
                break;
            case "announce_peer":
                arguments["info_hash"] = key;
                arguments["token"] = _token;
                arguments["port"] = (long)random.One(Port, 0, 80, 65535, 70000, random.Next());
                arguments["implied_port"] = (long)random.Next(2);
                var length = random.Chance(0.5) ? package.Length : random.NextInt64();
                arguments["pl"] = Krpc.Dictionary(("l", length), ("p", random.Bytes(32 * random.Next(6))));
                arguments["ks"] = Enumerable.Range(0, random.Next(60)).Select(_ => (object)random.Bytes(KeyLength)).ToList();
                break;
            case "put":
                arguments["v"] = random.Bytes(random.Next(1100));
                arguments["token"] = _token;
                break;
        }

        return arguments;
    }
}
