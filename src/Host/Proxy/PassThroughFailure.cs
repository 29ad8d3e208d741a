using AptP2P.Host.Origins.Http;
using Yarp.ReverseProxy.Forwarder;

namespace AptP2P.Host.Proxy;

/// <summary>Why an origin's answer could not be passed on.</summary>
/// <param name="Status">What the client is told.</param>
/// <param name="Reason">The same in words.</param>
internal sealed record PassThroughFailure(int Status, string Reason)
{
    public static PassThroughFailure From(ForwarderError error, Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case OriginRefusedException refused:
                    return new PassThroughFailure(StatusCodes.Status403Forbidden, refused.Message);
                case RedirectException redirect:
                    return new PassThroughFailure(redirect.Status, redirect.Message);
            }
        }

        var isTimeout = error is ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyCanceled or ForwarderError.RequestCanceled;
        return isTimeout
            ? new PassThroughFailure(StatusCodes.Status504GatewayTimeout, "the mirror does not answer in time")
            : new PassThroughFailure(
                StatusCodes.Status502BadGateway,
                $"the mirror cannot be reached: {exception?.GetBaseException().Message ?? error.ToString()}");
    }
}
