using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Answers;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>
/// The lane for what has no known hash: the origin's answer, as it is, or one of its mirrors' when it has none.
/// </summary>
internal sealed partial class Forwarder(
    IHttpForwarder forwarder, ConnectionPools pools, MirrorList mirrors, IOptions<PassThroughOptions> options,
    IOptions<FailoverOptions> originsOptions, TimeProvider time, ILogger<Forwarder> logger)
{
    /// <summary>
    /// Forwards a request. Once something of an answer was passed on, no other origin can take over: nobody knows whether it is the same
    /// file.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="origin">Where to.</param>
    /// <param name="mayAskOthers">Whether its mirrors may see the request.</param>
    /// <param name="transform">What to change on the way; also holds what the origin said.</param>
    /// <returns>Why nothing was sent to the client, if so.</returns>
    public async Task<ErrorAnswer?> ForwardAsync(
        HttpContext context, Origin origin, bool mayAskOthers, PassThroughTransform transform)
    {
        var turns = mayAskOthers ? mirrors.InTurn(origin) : [origin];
        ErrorAnswer? first = null;
        foreach (var turn in turns.SkipLast(1))
        {
            var failure = await AskAsync(context, turn, hasNext: true, transform);
            if (failure is null || transform.Status is not null || context.RequestAborted.IsCancellationRequested)
            {
                return failure;
            }

            mirrors.WasInTrouble(turn);
            context.Response.Clear(); // of the forwarder's own error
            first ??= failure;
        }

        return await AskAsync(context, turns[^1], hasNext: false, transform) is { } last ? first ?? last : null;
    }

    private async Task<ErrorAnswer?> AskAsync(HttpContext context, Origin origin, bool hasNext, PassThroughTransform transform)
    {
        using var firstByte = new CancellationTokenSource(hasNext ? originsOptions.Value.FirstByte : Timeout.InfiniteTimeSpan, time);
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = options.Value.ActivityTimeout,
            Version = System.Net.HttpVersion.Version11, // apt's own, and what every mirror speaks
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        transform.HasNext = hasNext;
        transform.Answered = () => firstByte.CancelAfter(Timeout.InfiniteTimeSpan);
        transform.Begin(origin);
        var error = await forwarder.SendAsync(
            context, $"{origin.Scheme}://{origin.Authority}/", pools.For(origin.Reach), config, transform, firstByte.Token);
        var failure =
            error != ForwarderError.None ? ForwarderErrors.Explain(error, context.GetForwarderErrorFeature()?.Exception)
            : transform.Withheld is { } status ? new ErrorAnswer(status, $"{origin.Authority} answered {status}")
            : null;
        if (failure is not null && !context.RequestAborted.IsCancellationRequested)
        {
            LogFailed(origin.Authority, failure.Reason);
        }

        return failure;
    }

    [LoggerMessage(1151, LogLevel.Warning, "Nothing could be passed on from {Origin}: {Reason}")]
    private partial void LogFailed(string origin, string reason);
}
