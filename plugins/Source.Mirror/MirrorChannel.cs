using System.Net;
using System.Net.Http.Headers;
using AptP2P.Sources;
using Microsoft.Extensions.Logging;

namespace AptP2P.Source.Mirror;

/// <summary>A file at one origin. It remembers where a redirect led and which version it found there, for the ranges that follow.</summary>
internal sealed partial class MirrorChannel(
    Origin origin, long contentLength, IOriginClient client, OriginSlots slots, MirrorOptions options, TimeProvider time, MirrorMetrics metrics, ILogger logger) : IChannel
{
    private Uri? _resolved;
    private Validators? _version;

    public string Name { get; init; } = origin.Authority;

    public ChannelDistance Distance => IPAddress.TryParse(origin.Host, out var address) && IPAddress.IsLoopback(address)
        ? ChannelDistance.SameHost
        : ChannelDistance.Other;

    public ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken) => new((PieceList?)null);

    public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
    {
        if (range.Length == 0)
        {
            return ChannelResult.Complete;
        }

        using var slot = await slots.EnterAsync(origin.Authority, cancellationToken);
        using var watchdog = new Watchdog(time, cancellationToken);
        var started = time.GetTimestamp();
        var (response, failure) = await AskAsync(range, watchdog);
        using (response)
        {
            if (response is not null)
            {
                metrics.FirstByte(time.GetElapsedTime(started));
                failure = Check(response, range, out var answered) ?? await TakeAsync(response, range, answered, sink, watchdog, cancellationToken);
            }
        }

        var result = failure!.Value;
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

    /// <summary>Sends the request, up to the headers of its answer.</summary>
    private async Task<(HttpResponseMessage? Response, ChannelResult? Failure)> AskAsync(ByteRange range, Watchdog watchdog)
    {
        using var request = new HttpRequestMessage();
        if (range.Start > 0 || range.End < contentLength)
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

    /// <summary>Whether the answer holds what was asked for, of the file that it was before.</summary>
    private ChannelResult? Check(HttpResponseMessage response, ByteRange range, out AnsweredRange answered)
    {
        answered = default;
        if (HttpStatus.FailureOf(response, time) is { } failure)
        {
            return failure;
        }

        answered = AnsweredRange.Read(response, range, contentLength, out var problem);
        if (problem is not null)
        {
            return new ChannelResult(ChannelOutcome.Protocol, problem);
        }

        var version = Validators.Of(response);
        if (_version is { } before && before.Contradict(version))
        {
            return new ChannelResult(ChannelOutcome.Gone, "the file has changed since its first bytes came");
        }

        _version = version;
        return range.Start - answered.Start <= options.SkipLimit.Bytes
            ? null
            : new ChannelResult(ChannelOutcome.Protocol, $"it gives whole files only, and {range.Start} bytes are too many to skip");
    }

    private async Task<ChannelResult> TakeAsync(
        HttpResponseMessage response, ByteRange range, AnsweredRange answered, IChannelSink sink, Watchdog watchdog, CancellationToken cancellationToken)
    {
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
