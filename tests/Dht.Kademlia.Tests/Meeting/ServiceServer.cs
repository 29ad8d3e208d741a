using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>A name server that knows SRV records (RFC 1035, RFC 2782) and nothing else.</summary>
internal sealed class ServiceServer : IAsyncDisposable
{
    private readonly UdpClient _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ServiceServer(string address)
    {
        _socket = new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0));
        _serving = ServeAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public Dictionary<string, (int Priority, int Port, string Target)[]> Records { get; } = [];

    public List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(_stop.Token);
                await _socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the test has ended
        }
    }

    private byte[] Answer(byte[] query)
    {
        var (labels, end) = (new List<string>(), 12);
        for (; query[end] != 0; end += 1 + query[end])
        {
            labels.Add(Encoding.ASCII.GetString(query, end + 1, query[end]));
        }

        var name = string.Join('.', labels);
        Asked.Add(name);
        var records = Records.GetValueOrDefault(name) ?? [];
        var answer = new List<byte>(query[..(end + 5)]);
        (answer[2], answer[3]) = (0x84, (byte)(records.Length == 0 ? 3 : 0)); // an answer, authoritative; no such name
        (answer[7], answer[9], answer[11]) = ((byte)records.Length, 0, 0);
        foreach (var (priority, port, target) in records)
        {
            byte[] data = [.. Number(priority), .. Number(1), .. Number(port), .. Name(target)];
            answer.AddRange([0xc0, 12, .. Number(33), .. Number(1), 0, 0, 0, 60, .. Number(data.Length), .. data]);
        }

        return [.. answer];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(Label), 0];

    private static byte[] Label(string label) => [(byte)label.Length, .. Encoding.ASCII.GetBytes(label)];
}
