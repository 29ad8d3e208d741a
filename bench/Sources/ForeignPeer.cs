using System.Net;
using System.Net.Sockets;
using AptP2P.EndToEnd.Harness;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Bench.Sources;

/// <summary>A peer that announces files to a daemon, and then behaves as it does.</summary>
internal sealed class ForeignPeer : IAsyncDisposable
{
    private const int SlowRate = 2_000_000; // bytes per second
    private const int SlowBytes = 16 << 10;
    private const int TrickleBytes = 500;
    private const int Backlog = 1;
    private static readonly TimeSpan TrickleStep = TimeSpan.FromMilliseconds(100);

    private readonly IPEndPoint _endPoint;
    private readonly Conduct _conduct;
    private readonly Dictionary<string, (Stranger Claim, byte[] Bytes)> _contents = [];
    private readonly Dictionary<string, Stranger> _lists = [];
    private readonly List<IDisposable> _sockets = [];
    private readonly Pace _pace = new(SlowRate);
    private InProcessServer? _server;

    private ForeignPeer(IPEndPoint endPoint, Conduct conduct) => (_endPoint, _conduct) = (endPoint, conduct);

    public static async Task<ForeignPeer> StartAsync(
        IPEndPoint endPoint, Conduct conduct, Archive archive, IEnumerable<ArchiveFile> files, IPEndPoint node)
    {
        var peer = new ForeignPeer(endPoint, conduct);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(archive.Root, file.Path));
            if (conduct == Conduct.Lying)
            {
                bytes.AsSpan().Fill(1);
            }

            var claim = new Stranger(endPoint, Convert.FromHexString(file.Sha256), bytes);
            peer._contents[claim.ContentPath] = (claim, bytes);
            peer._lists[claim.PiecesPath] = claim;
            await claim.AnnounceAsync(node, CancellationToken.None);
        }

        switch (conduct)
        {
            case Conduct.Gone:
                break;
            case Conduct.Silent:
                await peer.FillBacklogAsync();
                break;
            default:
                await peer.ListenAsync();
                break;
        }

        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Linux drops what would connect to a socket whose queue is full (listen(2)): the caller hears nothing.</summary>
    private async Task FillBacklogAsync()
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(listener);
        listener.Bind(_endPoint);
        listener.Listen(Backlog);
        for (var i = 0; i <= Backlog; i++)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(client);
            await client.ConnectAsync(_endPoint);
        }
    }

    private Task ListenAsync()
    {
        _server = new InProcessServer(_endPoint, AnswerAsync);
        return _server.StartAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        try
        {
            if (_conduct == Conduct.Hanging)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
            else if (_contents.TryGetValue(path, out var content))
            {
                var (start, end) = RangeAnswer.Begin(context, content.Bytes.Length, Path.GetFileName(path));
                await SendAsync(context, content.Bytes.AsMemory((int)start, (int)(end - start)));
            }
            else if (_lists.TryGetValue(path, out var claim))
            {
                var list = claim.Pieces();
                context.Response.ContentLength = list.Length;
                await context.Response.Body.WriteAsync(list, context.RequestAborted);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort(); // the daemon has left
        }
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        var step = _conduct switch
        {
            Conduct.Trickling => TrickleBytes,
            Conduct.Slow => SlowBytes,
            _ => bytes.Length,
        };
        for (var rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(step, rest.Length)..])
        {
            if (_conduct == Conduct.Slow)
            {
                await _pace.WaitAsync(Math.Min(step, rest.Length), context.RequestAborted);
            }

            await context.Response.Body.WriteAsync(rest[..Math.Min(step, rest.Length)], context.RequestAborted);
            if (_conduct == Conduct.Trickling)
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(TrickleStep, TimeProvider.System, context.RequestAborted);
            }
        }
    }
}
