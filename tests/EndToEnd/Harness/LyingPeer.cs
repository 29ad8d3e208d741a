using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AptP2P.EndToEnd;

/// <summary>
/// A stranger who says that they have a file, with a piece list that fits the false bytes they send. Speaks the wire's protocols
/// (docs/protocol.md) and nothing of the daemon's own code.
/// </summary>
internal sealed class LyingPeer(IPAddress address, RepositoryPackage package, byte[] falseBytes) : IAsyncDisposable
{
    private const int PieceLength = 512 * 1024; // up to 31 of them, which is more than any file here has
    private const int TravellingPieces = 4;

    private readonly byte[] _hash = Convert.FromHexString(package.Sha256);
    private readonly byte[] _id = SHA1.HashData(address.GetAddressBytes());
    private WebApplication? _application;
    private long _bytesSent;

    public IPEndPoint EndPoint { get; } = new(address, Daemon.Port);

    /// <summary>How much of the lie was asked for.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    private byte[] PieceHashes => [.. falseBytes.Chunk(PieceLength).SelectMany(SHA256.HashData)];

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(EndPoint));
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync();
    }

    /// <summary>Announces the file to a daemon's DHT node, as BEP 5 says, with our addition <c>pl</c>.</summary>
    public async Task AnnounceToAsync(Daemon daemon)
    {
        using var socket = new UdpClient(EndPoint);
        socket.Connect(IPEndPoint.Parse(daemon.EndPoint));
        var key = _hash[..20];
        var answer = await AskAsync(socket, "get_peers", ("id", _id), ("info_hash", key));
        var claim = Krpc.Dictionary(("l", (long)falseBytes.Length));
        if (falseBytes.Length > PieceLength)
        {
            var list = PieceHashes;
            if (list.Length / SHA256.HashSizeInBytes <= TravellingPieces)
            {
                claim.Add("p", list);
            }
            else
            {
                claim.Add("d", SHA256.HashData(list));
                claim.Add("t", SHA1.HashData(Krpc.Encode(list)));
            }
        }

        await AskAsync(socket, "announce_peer", ("id", _id), ("info_hash", key), ("pl", claim), ("port", (long)EndPoint.Port), ("token", answer["token"]));
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            await application.StopAsync(new CancellationToken(canceled: true));
            await application.DisposeAsync();
        }
    }

    private static async Task<SortedDictionary<string, object>> AskAsync(UdpClient socket, string method, params (string, object)[] arguments)
    {
        var query = Krpc.Dictionary(("a", Krpc.Dictionary(arguments)), ("q", method), ("ro", 1L), ("t", "test"), ("y", "q"));
        await socket.SendAsync(Krpc.Encode(query), TestContext.Current.CancellationToken);
        while (true)
        {
            var datagram = await socket.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Command.Patience);
            var message = Krpc.Decode(datagram.Buffer);
            if (message.TryGetValue("r", out var answer)) // else it is a query of theirs: we are read-only (BEP 43) and need not answer
            {
                return (SortedDictionary<string, object>)answer;
            }

            Assert.False(message.ContainsKey("e"), $"the node refused {method}");
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var name = Convert.ToBase64String(_hash).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (context.Request.Path == $"/.well-known/ni/sha-256/{name}")
        {
            context.Response.Headers.ETag = $"\"{package.Sha256}\"";
            await Results.Bytes(falseBytes, enableRangeProcessing: true).ExecuteAsync(context);
            Interlocked.Add(ref _bytesSent, context.Response.ContentLength ?? 0);
        }
        else if (context.Request.Path == $"/p2p/pieces/{package.Sha256}")
        {
            var list = Krpc.Encode(Krpc.Dictionary(("length", (long)falseBytes.Length), ("piece length", (long)PieceLength), ("pieces", PieceHashes)));
            context.Response.ContentLength = list.Length;
            await context.Response.Body.WriteAsync(list, context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("not here\n");
        }
    }
}
