using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AptP2P.Testing.Networks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// A mirror as simple as they come: files of a folder over HTTP, with Range and Last-Modified. It keeps a log of what it sent, and can be
/// stopped, started again, and told to hold or to cut a file.
/// </summary>
/// <param name="root">The archive's folder.</param>
/// <param name="address">Where it listens.</param>
/// <param name="certificate">For https.</param>
/// <param name="inside">The host that it runs on; without one, this machine.</param>
internal sealed class Mirror(
    string root, IPAddress address, X509Certificate2? certificate = null, NetworkNamespace? inside = null) : IAsyncDisposable
{
    private const int Port = 8000; // with a certificate for https, else for http
    private const int BlockLength = 64 * 1024;

    private readonly ConcurrentQueue<MirrorRequest> _log = new();
    private readonly ConcurrentBag<Interruption> _interruptions = [];
    private WebApplication? _application;
    private Gathering? _gathering;

    public Uri Address { get; } = new($"http{(certificate is null ? "" : "s")}://{address}:{Port}/");

    /// <summary>All requests since the start or the last <see cref="Forget"/>, in order of arrival.</summary>
    public IReadOnlyList<MirrorRequest> Log => [.. _log];

    /// <summary>Bytes sent of files whose path, as requested, ends so.</summary>
    public long BytesSent(string pathEnd) =>
        _log.Where(request => request.Target.EndsWith(pathEnd, StringComparison.Ordinal)).Sum(request => request.BytesSent);

    public long TotalBytesSent => _log.Sum(request => request.BytesSent);

    public void Forget() => _log.Clear();

    /// <summary>Holds back the end of a file until released.</summary>
    public Interruption Hold(string pathEnd, long offset) => Interrupt(new(pathEnd, offset, cut: false));

    /// <summary>Ends connections in the middle of a file until released.</summary>
    public Interruption Cut(string pathEnd, long offset) => Interrupt(new(pathEnd, offset, cut: true));

    /// <summary>Sends all who ask for anything elsewhere: from the target of a request to its Location.</summary>
    public Func<string, string>? Redirect { get; set; }

    /// <summary>Answers only when several have been asked for.</summary>
    public Gathering Gather(Gathering gathering) => _gathering = gathering;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (inside is not null)
        {
            builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endPoint =>
                inside.Enter(() => SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint)));
        }

        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(address, Port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync();
    }

    /// <summary>Stops at once: connections are ended where they are and new ones refused.</summary>
    public async Task StopAsync()
    {
        if (_application is { } application)
        {
            _application = null;
            await application.StopAsync(new CancellationToken(canceled: true));
            await application.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var interruption in _interruptions)
        {
            interruption.Release();
        }

        await StopAsync();
        certificate?.Dispose();
    }

    private Interruption Interrupt(Interruption interruption)
    {
        _interruptions.Add(interruption);
        return interruption;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = Uri.UnescapeDataString(target);
        var entry = new MirrorRequest(context.Request.Method, target, context.Request.Headers.Range)
        {
            TraceParent = context.Request.Headers.TraceParent,
        };
        _log.Enqueue(entry);
        await (_gathering?.JoinAsync(path, context.RequestAborted) ?? Task.CompletedTask);
        if (Redirect is { } redirect)
        {
            context.Response.StatusCode = entry.Status = StatusCodes.Status302Found;
            context.Response.Headers.Location = redirect(target);
            await context.Response.WriteAsync("<html>over there</html>\n");
            return;
        }

        const string prefix = "/debian/";
        var file = new FileInfo(path.StartsWith(prefix, StringComparison.Ordinal) ? Path.Combine(root, path[prefix.Length..]) : root);
        if (!file.Exists || path.Contains("..", StringComparison.Ordinal))
        {
            context.Response.StatusCode = entry.Status = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("no such file\n");
            return;
        }

        var answer = MirrorAnswer.To(context.Request, file);
        answer.WriteHead(context.Response);
        entry.Status = answer.Status;
        if (answer.HasBody && !HttpMethods.IsHead(context.Request.Method))
        {
            await SendAsync(context, file, path, answer, entry);
        }
    }

    private async Task SendAsync(HttpContext context, FileInfo file, string path, MirrorAnswer answer, MirrorRequest entry)
    {
        await using var content = file.OpenRead();
        content.Position = answer.First;
        var buffer = new byte[BlockLength];
        while (content.Position <= answer.Last)
        {
            var allowed = answer.Last + 1;
            if (_interruptions.FirstOrDefault(candidate => candidate.Concerns(path)) is { } interruption && interruption.Offset < allowed)
            {
                if (content.Position >= interruption.Offset)
                {
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    await interruption.ReachAsync(context.RequestAborted);
                    if (interruption.Cuts)
                    {
                        return; // fewer bytes than announced: Kestrel ends the connection
                    }

                    continue;
                }

                allowed = interruption.Offset;
            }

            var count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, allowed - content.Position)));
            entry.Sent(count); // before it goes: whoever has received it must find it counted
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
        }
    }
}
