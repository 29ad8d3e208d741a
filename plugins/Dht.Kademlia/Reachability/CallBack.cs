using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>
/// Does what another node has asked for: connects to it at the address that it came from, and pings its node from a port that has never
/// sent it anything.
/// </summary>
internal sealed class CallBack(KademliaOptions options, KademliaEnvironment environment, ShortRequests requests, TimeProvider time)
{
    private const int Pings = 3; // a datagram may be lost

    private readonly byte[] _network = NetworkTag.Of(options, environment.Secret);

    public async Task<ReachAnswer> TryAsync(IPAddress address, ReachQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ReachTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var tcp = SayHelloAsync(new IPEndPoint(address, question.Tcp), question.Nonce, either.Token);
        var udp = question.Udp is { } port ? PingAsync(new IPEndPoint(address, port), either.Token) : null;
        return new ReachAnswer(await tcp, udp is null ? null : await udp);
    }

    private async Task<bool> SayHelloAsync(IPEndPoint at, string nonce, CancellationToken cancellationToken) =>
        await requests.GetAsync(at, ReachMessage.HelloPath, cancellationToken) is { } body && ReachMessage.HelloHas(body, nonce);

    private async Task<bool> PingAsync(IPEndPoint at, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(at, cancellationToken); // so that the system drops what others send
            var (query, transaction) = MakePing();
            using var heard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var sending = SendAsync(socket, query, heard.Token);
            var isThere = await HearAsync(socket, transaction, cancellationToken);
            await heard.CancelAsync();
            await sending;
            return isThere;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private (byte[] Query, uint Transaction) MakePing()
    {
        Span<byte> chance = stackalloc byte[NodeId.Size + sizeof(uint)];
        RandomNumberGenerator.Fill(chance);
        var transaction = BinaryPrimitives.ReadUInt32BigEndian(chance[NodeId.Size..]);
        var query = new byte[options.MaxDatagram];
        var body = new QueryBody { Method = KrpcMethod.Ping };
        var id = new NodeId(chance[..NodeId.Size]); // nobody keeps it
        var length = QueryWriter.Write(query, transaction, id, _network, readOnly: true, body);
        return (query[..length], transaction);
    }

    private async Task SendAsync(Socket socket, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < Pings; i++)
            {
                await socket.SendAsync(query, cancellationToken);
                await Task.Delay(options.ReachTime / (Pings + 1), time, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // it has answered, or time is up
        }
    }

    private async Task<bool> HearAsync(Socket socket, uint transaction, CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        while (true)
        {
            try
            {
                var length = await socket.ReceiveAsync(buffer, cancellationToken);
                if (IsAnswer(buffer.AsSpan(0, length), transaction))
                {
                    return true;
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return false;
            }
        }
    }

    private bool IsAnswer(ReadOnlySpan<byte> datagram, uint transaction) =>
        KrpcMessage.TryParse(datagram, out var message)
        && message is { Kind: KrpcKind.Answer, HasId: true, Transaction.Length: sizeof(uint) }
        && BinaryPrimitives.ReadUInt32BigEndian(message.Transaction) == transaction
        && message.Network.SequenceEqual(_network);
}
