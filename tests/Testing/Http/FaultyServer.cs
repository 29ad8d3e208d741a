using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace AptP2P.Testing.Http;

/// <summary>
/// An HTTP/1.1 server that does what it is told to, wrong things too. It serves one content at every path unless a rule says otherwise,
/// keeps connections alive, and logs each request. Bound to an address of 127.0.0.0/8 of the test's own, so that tests cannot meet.
/// </summary>
/// <example><code>
/// await using var server = FaultyServer.Start("127.20.1.1", content);
/// server.Script(Answer.Cut(1000), Answer.Error(503)); // the first two requests; those after them are answered right
/// </code></example>
public sealed class FaultyServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new(); // without a timer, so there is nothing to dispose
    private readonly ConcurrentQueue<Answer> _script = new();
    private readonly SemaphoreSlim _released = new(0);
    private readonly SemaphoreSlim _stalled = new(0);
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Lock _lock = new();
    private readonly List<ServedRequest> _requests = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    private FaultyServer(IPAddress address, ReadOnlyMemory<byte> content, X509Certificate2? certificate)
    {
        (Content, _certificate) = (content, certificate);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What is served; exchanging it is what a mirror does when it changes a file.</summary>
    public ReadOnlyMemory<byte> Content { get; set; }

    /// <summary>Sent as it is, quotes included; empty for none.</summary>
    public string ETag { get; set; } = "\"one\"";

    /// <summary>Sent as it is; empty for none.</summary>
    public string LastModified { get; set; } = "Fri, 20 Nov 2026 02:27:59 GMT";

    /// <summary>Decides where the script has ended.</summary>
    public Func<ServedRequest, Answer> Otherwise { get; set; } = _ => Answer.Right;

    /// <summary>How many connections were opened so far.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>The log, oldest first.</summary>
    public IReadOnlyList<ServedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Bytes of bodies sent, by all answers.</summary>
    public long BytesSent => Requests.Sum(request => request.BytesSent);

    public static FaultyServer Start(string address, ReadOnlyMemory<byte> content, X509Certificate2? certificate = null) =>
        new(IPAddress.Parse(address), content, certificate);

    /// <summary>The address of a path, for a client.</summary>
    public string Url(string path) => $"{(_certificate is null ? "http" : "https")}://{EndPoint}{path}";

    /// <summary>A path here, as an origin.</summary>
    public Origin Origin(string rawPath, OriginReach reach = OriginReach.Local) =>
        new(_certificate is null ? "http" : "https", EndPoint.Address.ToString(), EndPoint.Port, rawPath, reach);

    /// <summary>Answers for the next requests, in the order of their arrival.</summary>
    public void Script(params ReadOnlySpan<Answer> answers)
    {
        foreach (var answer in answers)
        {
            _script.Enqueue(answer);
        }
    }

    /// <summary>
    /// Waits until one more answer pauses (<see cref="Answer.StallAt"/>, <see cref="Answer.Trickle"/>); the bytes before it are sent.
    /// </summary>
    public Task StalledAsync(CancellationToken cancellationToken) => _stalled.WaitAsync(cancellationToken);

    /// <summary>Waits until one more request has arrived.</summary>
    public Task ArrivedAsync(CancellationToken cancellationToken) => _arrived.WaitAsync(cancellationToken);

    /// <summary>Lets one paused answer go on.</summary>
    public void Release() => _released.Release();

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return; // a test may end it before its end
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            lock (_lock)
            {
                _connections.Add(ServeAsync(socket, _connections.Count + 1));
            }
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        await Task.Yield(); // the caller holds the lock
        using var _ = socket;
        socket.NoDelay = true;
        try
        {
            await using var stream = await OpenAsync(socket);
            var reader = new RequestReader(stream, number);
            while (await reader.ReadAsync(_stop.Token) is { } request)
            {
                lock (_lock)
                {
                    _requests.Add(request);
                }

                var answer = _script.TryDequeue(out var scripted) ? scripted : Otherwise(request);
                _arrived.Release();
                var file = new ServedFile(answer.Body ?? Content, ETag, LastModified);
                if (!await new AnswerWriter(stream, request, answer, file, StallAsync).WriteAsync(_stop.Token))
                {
                    if (answer.Reset)
                    {
                        socket.LingerState = new LingerOption(true, 0);
                        socket.Close();
                        return;
                    }

                    socket.Shutdown(SocketShutdown.Send);
                    await stream.CopyToAsync(Stream.Null, _stop.Token); // unread bytes at closing would turn the FIN into a RST
                    return;
                }
            }
        }
        catch (Exception e)
            when (e
                    is IOException
                        or OperationCanceledException
                        or SocketException
                        or System.Security.Authentication.AuthenticationException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        if (_certificate is null)
        {
            return stream;
        }

        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return tls;
    }

    private async Task StallAsync(CancellationToken cancellationToken)
    {
        _stalled.Release();
        await _released.WaitAsync(cancellationToken);
    }
}
