using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// A node of the DHT that answers everybody and remembers what each asks for and announces, as anybody on the internet could.
/// </summary>
internal sealed class ListeningNode(IPAddress address) : IAsyncDisposable
{
    private const int KeyLength = 20;

    private readonly UdpClient _socket = new(new IPEndPoint(address, Daemon.Port));
    private readonly byte[] _id = SHA1.HashData(address.GetAddressBytes());
    private readonly ConcurrentDictionary<(string Method, string Key), bool> _heard = new();
    private Task _listening = Task.CompletedTask;

    public string EndPoint => $"{address}:{Daemon.Port}";

    public Task StartAsync()
    {
        _listening = ListenAsync();
        return Task.CompletedTask;
    }

    /// <summary>Whether somebody wanted to know who has a file.</summary>
    public bool WasAskedFor(RepositoryPackage package) => _heard.ContainsKey(("get_peers", KeyOf(package)));

    /// <summary>Whether somebody said that they have it.</summary>
    public bool WasToldOf(RepositoryPackage package) => _heard.ContainsKey(("announce_peer", KeyOf(package)));

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string KeyOf(RepositoryPackage package) => package.Sha256[..(2 * KeyLength)];

    private async Task ListenAsync()
    {
        while (true)
        {
            var datagram = await _socket.ReceiveAsync();
            var message = Krpc.Decode(datagram.Buffer);
            if (!message.TryGetValue("q", out var method))
            {
                continue;
            }

            if (((SortedDictionary<string, object>)message["a"]).TryGetValue("info_hash", out var key))
            {
                _heard[(System.Text.Encoding.ASCII.GetString((byte[])method), Convert.ToHexStringLower((byte[])key))] = true;
            }

            var answer = Krpc.Dictionary(("id", _id), ("nodes", Array.Empty<byte>()), ("token", "token"));
            await _socket.SendAsync(
                Krpc.Encode(Krpc.Dictionary(("n", Krpc.Network), ("r", answer), ("t", message["t"]), ("y", "r"))), datagram.RemoteEndPoint);
        }
    }
}
