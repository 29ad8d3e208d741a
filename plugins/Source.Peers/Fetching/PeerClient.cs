using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AptP2P.Shared.Http;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Ledger;
using AptP2P.Source.Peers.Messages;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>
/// Asks peers (docs/protocol.md, "HTTP between peers"). Everything they say is a stranger's word: short limits, no redirects, exact
/// answers.
/// </summary>
internal sealed class PeerClient : IDisposable
{
    private const int UselessRate = 32 << 10; // bytes per second: less than any mirror that apt is pointed at
    private static readonly TimeSpan FairTrial = TimeSpan.FromMilliseconds(250); // a round trip to the other side of the world

    private const int MaxHeaderKilobytes = 8; // ours are half a kilobyte; a stranger's might never end
    private const int MaxDrain = 64 << 10; // what is read in vain so that a connection can be used again

    private readonly PeersOptions _options;
    private readonly TimeProvider _time;
    private readonly FetchMetrics _metrics;
    private readonly OwnMark _mark;
    private readonly PeerLedger _ledger;
    private HttpMessageInvoker _http;

    public PeerClient(IOptions<PeersOptions> options, TimeProvider time, OwnMark mark, FetchMetrics metrics, PeerLedger ledger)
    {
        (_options, _time, _mark, _metrics, _ledger) = (options.Value, time, mark, metrics, ledger);
        _http = MakeClient();
    }

    /// <summary>Now, as a timestamp.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Whether a peer that was asked at some time should have answered by now.</summary>
    public bool HadFairTrial(long asked) => _time.GetElapsedTime(asked) >= FairTrial;

    /// <summary>Reads a range of a content, and learns which pieces of it the peer has.</summary>
    public async Task<ChannelResult> ReadAsync(
        IPEndPoint peer, Content content, HeldPieces held, ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
    {
        using var watchdog = new Watchdog(_time, cancellationToken);
        using var request = MakeRequest(HttpMethod.Get, peer, ContentName.PathOf(content.Hash));
        if (range.Length < content.Length)
        {
            request.Headers.Range = new RangeHeaderValue(range.Start, range.End - 1);
        }

        if (held is { TakesPassed: true, Progress: not null })
        {
            request.Headers.Add(HaveHeader.Passing, HaveHeader.Yes);
        }

        var started = _time.GetTimestamp();
        var received = 0L;
        PeerAccount? account = null;
        ChannelResult? failure;
        try
        {
            (var response, failure) = await SendAsync(request, watchdog);
            using (response)
            {
                if (response is not null)
                {
                    held.Update(response);
                    _metrics.FirstByte(_time.GetElapsedTime(started));
                    failure = Check(response, range, content.Length)
                        ?? await TakeAsync(response, range, sink, watchdog, Count, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (IsOfNoUse(received, _time.GetElapsedTime(started)))
        {
            // Others were quicker, and that says something of this peer: the next content should not wait for it as well.
            failure = new ChannelResult(ChannelOutcome.Timeout, "had sent next to nothing when it was given up");
        }

        void Count(int bytes)
        {
            received += bytes;
            _metrics.Received(bytes);
            account ??= _ledger.Open(peer.Address);
            account.Received(bytes);
        }

        account?.Ended(received, _time.GetElapsedTime(started));
        _metrics.Read(failure!.Value.Outcome);
        return failure.Value;
    }

    /// <summary>A peer's piece list, or <see langword="null"/>.</summary>
    public async Task<PieceList?> GetPiecesAsync(IPEndPoint peer, Content content, HeldPieces held, CancellationToken cancellationToken)
    {
        using var request = MakeRequest(HttpMethod.Get, peer, PieceListMessage.Folder + content.Hash);
        var (message, status, isAbsent) = await AskAsync(request, PieceListMessage.MaxSize(content.Length), cancellationToken);
        if (isAbsent || status == HttpStatusCode.NotFound)
        {
            held.Update((FetchProgress?)null); // it is not getting it any more: whoever reads from it hears whether it has it
        }

        return message is null ? null : Read(message, content.Length, held);
    }

    /// <summary>Which of some contents a peer has, if it says so, and whether it is not there or wants nothing of this node.</summary>
    public async Task<(byte[]? Field, bool IsAbsent)> HaveAsync(
        IPEndPoint peer, IReadOnlyList<ContentHash> hashes, CancellationToken cancellationToken)
    {
        using var request = MakeRequest(HttpMethod.Post, peer, HaveMessage.Path);
        request.Content = new ByteArrayContent(HaveMessage.Write(hashes)) { Headers = { ContentType = new("application/octet-stream") } };
        var size = BitField.LengthFor(hashes.Count);
        var (field, _, isAbsent) = await AskAsync(request, size, cancellationToken);
        return (field?.Length == size ? field : null, isAbsent);
    }

    /// <summary>
    /// The machine is elsewhere: connections that were kept lead nowhere. Nobody disposes of the old client, which may be in use; its
    /// connections are closed when they have been unused for long enough.
    /// </summary>
    public void LeaveConnections() => Volatile.Write(ref _http, MakeClient());

    public void Dispose() => _http.Dispose();

    private static PieceList? Read(byte[] message, long length, HeldPieces held)
    {
        if (PieceListMessage.TryRead(message, length, out var list, out var progress))
        {
            held.Update(progress);
        }

        return list;
    }

    private static bool IsOfNoUse(long received, TimeSpan elapsed) => elapsed >= FairTrial && received < UselessRate * elapsed.TotalSeconds;

    /// <summary>
    /// Whether a status says that the node gives this one nothing at all: it wants nothing to do with it, or is this node itself. Any other
    /// is about the question alone, which not every peer understands that gives what a look-up says it has.
    /// </summary>
    private static bool IsOfTheNode(HttpStatusCode? status) => status is HttpStatusCode.Forbidden or HttpStatusCode.MisdirectedRequest;

    private HttpMessageInvoker MakeClient() =>
        new(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // no header that tells requests of one client from another's
            AllowAutoRedirect = false, // a peer cannot send this node to where it would not go by itself
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            MaxResponseDrainSize = MaxDrain,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = _options.KeepAlive,
            UseCookies = false,
            UseProxy = false,
        });

    private HttpRequestMessage MakeRequest(HttpMethod method, IPEndPoint peer, string path) =>
        new(method, $"http://{peer}{path}")
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { OwnMark.Header, _mark.Next() } },
        };

    private ChannelResult? Check(HttpResponseMessage response, ByteRange range, long contentLength)
    {
        if (HttpStatus.FailureOf(response, _time) is { } failure)
        {
            return failure;
        }

        var expected = range.Length < contentLength ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent && response.StatusCode != expected)
        {
            return new ChannelResult(ChannelOutcome.Protocol, $"status {(int)response.StatusCode} in place of {(int)expected}");
        }

        if (response.Content.Headers.ContentLength is null)
        {
            return new ChannelResult(ChannelOutcome.Protocol, "no Content-Length");
        }

        var answered = AnsweredRange.Read(response, range, contentLength, out var problem);
        problem ??=
            answered.Start != range.Start || answered.End < range.End
                ? $"it gave bytes {answered.Start} to {answered.End}, not {range.Start} to {range.End}"
                : null;
        return problem is null ? null : new ChannelResult(ChannelOutcome.Protocol, problem);
    }

    private async Task<(HttpResponseMessage? Response, ChannelResult? Failure)> SendAsync(HttpRequestMessage request, Watchdog watchdog)
    {
        watchdog.Watch(_options.FirstByteTimeout);
        try
        {
            var response = await _http.SendAsync(request, watchdog.Token);
            watchdog.Rest();
            return (response, null);
        }
        catch (Exception e) when (HttpFailure.IsExpected(e, watchdog))
        {
            return (null, HttpFailure.ToResult(e, watchdog, "answer"));
        }
    }

    private async Task<ChannelResult> TakeAsync(
        HttpResponseMessage response, ByteRange range, IChannelSink sink, Watchdog watchdog, Action<int> received,
        CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await new BodyPump(body, isDelimited: true, watchdog, _options.StallTimeout)
            .PumpAsync(range.Length, range.Length, sink, received, cancellationToken);
    }

    private async Task<(byte[]? Message, HttpStatusCode? Status, bool IsAbsent)> AskAsync(
        HttpRequestMessage request, int maxSize, CancellationToken cancellationToken)
    {
        using var watchdog = new Watchdog(_time, cancellationToken);
        var (response, failure) = await SendAsync(request, watchdog);
        using (response)
        {
            if (response is not { StatusCode: HttpStatusCode.OK } || response.Content.Headers.ContentLength > maxSize)
            {
                var isAbsent = failure?.Outcome is ChannelOutcome.Refused or ChannelOutcome.Timeout;
                return (null, response?.StatusCode, isAbsent || IsOfTheNode(response?.StatusCode));
            }

            var message = new byte[maxSize + 1]; // one more, so that a chunked one that is too long shows
            watchdog.Watch(_options.FirstByteTimeout); // small enough to come at once
            try
            {
                await using var body = await response.Content.ReadAsStreamAsync(watchdog.Token);
                var length = await body.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, watchdog.Token);
                return (length <= maxSize ? message[..length] : null, response.StatusCode, IsAbsent: false);
            }
            catch (Exception e) when (HttpFailure.IsExpected(e, watchdog))
            {
                return (null, response.StatusCode, watchdog.HasTimedOut);
            }
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var peer = new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port);
        var socket = new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var watchdog = new Watchdog(_time, cancellationToken);
        watchdog.Watch(_options.ConnectTimeout);
        try
        {
            await socket.ConnectAsync(peer, watchdog.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (watchdog.HasTimedOut)
        {
            socket.Dispose();
            throw new TimeoutException($"no connection in {_options.ConnectTimeout.TotalSeconds} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
