using System.Net;
using System.Net.Http.Headers;
using AptP2P.Shared.Http;
using Microsoft.Extensions.Logging;

namespace AptP2P.Source.Mirror;

/// <summary>
/// A file at one origin. It remembers where a redirect led, which version it found there and whether it gives parts, for the ranges that
/// follow.
/// </summary>
internal sealed partial class MirrorChannel(
    Origin origin, long contentLength, IOriginClient client, OriginSlots slots, MirrorOptions options, TimeProvider time,
    MirrorMetrics metrics, ILogger logger) : IChannel
{
    private Uri? _resolved;
    private Validators? _version;
    private bool _isBadAtRanges;
    private long _lastModified; // in ticks

    public string Name { get; init; } = origin.Authority;

    public ChannelDistance Distance => IPAddress.TryParse(origin.Host, out var address) && IPAddress.IsLoopback(address)
        ? ChannelDistance.SameHost
        : ChannelDistance.Other;

    public DateTimeOffset? LastModified =>
        Interlocked.Read(ref _lastModified) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken) => new((PieceList?)null);

    public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
    {
        if (range.Length == 0)
        {
            return ChannelResult.Complete;
        }

        using var slot = await slots.EnterAsync(origin.Authority, cancellationToken);
        using var watchdog = new Watchdog(time, cancellationToken);
        var isPart = !_isBadAtRanges && range.Length < contentLength;
        var answered = isPart ? await TryAsync(range, range, sink, watchdog, cancellationToken) : null;
        _isBadAtRanges |= isPart && answered is null;
        var result = answered ?? (await TryAsync(null, range, sink, watchdog, cancellationToken))!.Value;
        if (result.Outcome != ChannelOutcome.Complete)
        {
            _resolved = null; // the redirect may lead elsewhere now
            LogFailed(logger, origin, result.Outcome, result.Reason);
        }

        metrics.Read(result.Outcome);
        return result;
    }

    public void Blame(string reason) => LogBlamed(logger, origin, reason);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Asks once.</summary>
    /// <param name="part">What the request names; nothing to ask for the whole file, which has what is wanted too.</param>
    /// <param name="range">What is wanted.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="watchdog">Its limits of time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it ended; nothing when the answer is of no use, but the whole file may be had.</returns>
    private async Task<ChannelResult?> TryAsync(
        ByteRange? part, ByteRange range, IChannelSink sink, Watchdog watchdog, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (response, failure) = await AskAsync(part, watchdog);
        using (response)
        {
            if (response is null)
            {
                return failure;
            }

            metrics.FirstByte(time.GetElapsedTime(started));
            failure = Check(response, range, out var answered);
            var isOfNoUse = part is not null && (failure is not null ? IsOfTheRange(response.StatusCode) : answered.End < range.End);
            if (isOfNoUse)
            {
                return null;
            }

            var result = failure ?? await TakeAsync(response, range, answered, sink, watchdog, cancellationToken);
            return result.Outcome == ChannelOutcome.Complete ? result : result with { Answer = HttpStatus.AnswerOf(response) };
        }
    }

    /// <summary>Sends the request, up to the headers of its answer.</summary>
    private async Task<(HttpResponseMessage? Response, ChannelResult? Failure)> AskAsync(ByteRange? part, Watchdog watchdog)
    {
        using var request = new HttpRequestMessage();
        if (part is { } range)
        {
            request.Headers.Range = new RangeHeaderValue(range.Start, range.End - 1);
        }

        watchdog.Watch(options.FirstByteTimeout);
        try
        {
            var response = await client.SendAsync(origin, request, _resolved, watchdog.Token);
            watchdog.Rest();
            _resolved = response.RequestMessage?.RequestUri;
            return (response, null);
        }
        catch (Exception e) when (HttpFailure.IsExpected(e, watchdog))
        {
            return (null, HttpFailure.ToResult(e, watchdog, "answer"));
        }
    }

    /// <summary>Whether a failure may be that of an origin which cannot give parts: it may well give the whole.</summary>
    private static bool IsOfTheRange(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => false,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => true,
        _ => status is HttpStatusCode.PartialContent or HttpStatusCode.NotImplemented,
    };

    /// <summary>Whether the answer holds what was asked for.</summary>
    private ChannelResult? Check(HttpResponseMessage response, ByteRange range, out AnsweredRange answered)
    {
        answered = default;
        if (HttpStatus.FailureOf(response, time) is { } failure)
        {
            return failure;
        }

        answered = AnsweredRange.Read(response, range, contentLength, out var problem);
        problem ??= IsOtherVersion(response, answered) ? "the file has changed since its first bytes came" : null;
        return problem is null ? null : new ChannelResult(ChannelOutcome.Gone, problem);
    }

    /// <summary>Whether a part is of another file than what came before. What is given whole may take the place of that.</summary>
    private bool IsOtherVersion(HttpResponseMessage response, AnsweredRange answered) =>
        answered.Start > 0 && _version is { } before && before.Contradict(Validators.Of(response));

    private async Task<ChannelResult> TakeAsync(
        HttpResponseMessage response, ByteRange range, AnsweredRange answered, IChannelSink sink, Watchdog watchdog,
        CancellationToken cancellationToken)
    {
        var version = Validators.Of(response);
        if (answered.Start == 0 && range.Start > 0 && await sink.TryRestartAsync(cancellationToken))
        {
            (range, _version) = (range with { Start = 0 }, null);
        }

        if (_version is { } before && before.Contradict(version))
        {
            return new ChannelResult(ChannelOutcome.Gone, "the file has changed since its first bytes came");
        }

        _version = version;
        Interlocked.Exchange(ref _lastModified, version.LastModified?.UtcTicks ?? 0);
        if (range.Start - answered.Start > options.SkipLimit.Bytes)
        {
            return new ChannelResult(ChannelOutcome.Protocol, $"it gives whole files only, and {range.Start} bytes are too many to skip");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var pump = new BodyPump(body, response.Headers.TransferEncodingChunked == true, watchdog, options.StallTimeout);
        var skipped = await pump.SkipAsync(range.Start - answered.Start);
        return skipped.Outcome == ChannelOutcome.Complete
            ? await pump.PumpAsync(answered.End - range.Start, range.Length, sink, metrics.Received, cancellationToken)
            : skipped;
    }

    [LoggerMessage(3000, LogLevel.Debug, "{Origin}: {Outcome}, {Reason}")]
    private static partial void LogFailed(ILogger logger, Origin origin, ChannelOutcome outcome, string? reason);

    [LoggerMessage(3001, LogLevel.Warning, "{Origin} gives other bytes than its index says: {Reason}")]
    private static partial void LogBlamed(ILogger logger, Origin origin, string reason);
}
