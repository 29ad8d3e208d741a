using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AptP2P.EndToEnd.Harness;

/// <summary>A stranger whose piece list fits the false bytes they send.</summary>
internal sealed class LyingPeer(IPAddress address, RepositoryPackage package, byte[] falseBytes) : IAsyncDisposable
{
    private readonly Stranger _stranger = new(new IPEndPoint(address, Daemon.Port), Convert.FromHexString(package.Sha256), falseBytes);
    private WebApplication? _application;
    private long _bytesSent;

    /// <summary>How much of the lie was asked for.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(_stranger.EndPoint));
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync();
    }

    /// <summary>Announces the file to a daemon's DHT node.</summary>
    public Task AnnounceToAsync(Daemon daemon) =>
        _stranger.AnnounceAsync(IPEndPoint.Parse(daemon.EndPoint), TestContext.Current.CancellationToken).WaitAsync(Command.Patience);

    public async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            await application.StopAsync(new CancellationToken(canceled: true));
            await application.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == _stranger.ContentPath)
        {
            context.Response.Headers.ETag = $"\"{package.Sha256}\"";
            await Results.Bytes(falseBytes, enableRangeProcessing: true).ExecuteAsync(context);
            Interlocked.Add(ref _bytesSent, context.Response.ContentLength ?? 0);
        }
        else if (context.Request.Path == _stranger.PiecesPath)
        {
            var list = _stranger.Pieces();
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
