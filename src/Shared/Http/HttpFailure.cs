using System.Net.Sockets;
using System.Security.Authentication;

namespace AptP2P.Shared.Http;

/// <summary>What an exception of .NET's HTTP client means for a channel.</summary>
internal static class HttpFailure
{
    /// <summary>Whether it is a failure of the other end, which is a value, and not a bug or a cancellation.</summary>
    public static bool IsExpected(Exception exception, Watchdog watchdog) =>
        watchdog.HasTimedOut || exception is HttpRequestException or IOException or SocketException or AuthenticationException;

    public static ChannelResult ToResult(Exception exception, Watchdog watchdog, string phase)
    {
        if (watchdog.HasTimedOut)
        {
            return new ChannelResult(ChannelOutcome.Timeout, $"{phase}: nothing came in time");
        }

        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case OriginRefusedException:
                    return new ChannelResult(ChannelOutcome.Refused, inner.Message);
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return new ChannelResult(ChannelOutcome.Cut, $"{phase}: {inner.Message}");
                case TimeoutException:
                    return new ChannelResult(ChannelOutcome.Timeout, inner.Message);
            }
        }

        var error = exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } =>
                HttpRequestError.ResponseEnded, // a reset
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown } => HttpRequestError.InvalidResponse,
            HttpRequestException request => request.HttpRequestError,
            HttpIOException io => io.HttpRequestError,
            _ => HttpRequestError.ResponseEnded, // a reset
        };
        return new ChannelResult(OutcomeOf(error), $"{phase}: {exception.GetBaseException().Message}");
    }

    private static ChannelOutcome OutcomeOf(HttpRequestError error) =>
        error switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError =>
                ChannelOutcome.Refused,
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
                ChannelOutcome.Protocol,
            _ => ChannelOutcome.Cut,
        };
}
