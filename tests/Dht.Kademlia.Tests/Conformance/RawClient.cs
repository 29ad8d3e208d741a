using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AptP2P.Testing;

namespace AptP2P.Dht.Kademlia.Tests.Conformance;

/// <summary>A socket that speaks raw KRPC to a node of any implementation.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _subject;
    private readonly Queue<Dictionary<string, object>> _answers = new();
    private int _transactions;

    public RawClient(string address, IPEndPoint subject, int port = 0)
    {
        _subject = subject;
        _socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        Id = PlainBencode.Text(SHA1.HashData(PlainBencode.Bytes(address + _socket.LocalEndPoint)));
    }

    public string Id { get; }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>This client's address and a port as they stand in <c>values</c>.</summary>
    public string Compact(int port) => PlainBencode.Text([.. EndPoint.Address.GetAddressBytes(), (byte)(port >> 8), (byte)port]);

    /// <summary>Asks and waits for the answer.</summary>
    public async Task<Dictionary<string, object>> AskAsync(string method, params (string Key, object Value)[] arguments)
    {
        var transaction = $"{_transactions++:x4}";
        return await AskAsync(
            transaction,
            Subject.Query(
                method,
                [
                    .. new (string, object)[] { ("id", Id) }
                        .Concat(arguments)
                        .OrderBy(static a => a.Item1, StringComparer.Ordinal),
                ]));
    }

    public async Task<Dictionary<string, object>> AskAsync(string transaction, List<(string Key, object Value)> query)
    {
        query[query.FindIndex(static entry => entry.Key == "t")] = ("t", transaction);
        await SendAsync(PlainBencode.Encode(query));
        return await ReceiveAsync(transaction);
    }

    /// <summary>Sends something that must not be answered. A ping goes after it: when that is answered, the silence is proven.</summary>
    public async Task<IReadOnlyCollection<Dictionary<string, object>>> SendUnansweredAsync(byte[] datagram)
    {
        _answers.Clear();
        await SendAsync(datagram);
        await AskAsync("ping");
        return _answers;
    }

    public Task SendAsync(byte[] datagram) => _socket.SendToAsync(datagram, _subject);

    public void Dispose() => _socket.Dispose();

    // The node's own queries to us are left out; answers to others are kept.
    private async Task<Dictionary<string, object>> ReceiveAsync(string transaction)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var buffer = new byte[4096];
        while (true)
        {
            var length = await _socket.ReceiveAsync(buffer, patience.Token);
            var message = PlainBencode.DecodeDictionary(buffer.AsSpan(0, length));
            message["size"] = (long)length;
            if ((string)message["y"] == "q")
            {
                continue;
            }

            if ((string)message["t"] == transaction)
            {
                return message;
            }

            _answers.Enqueue(message);
        }
    }
}
