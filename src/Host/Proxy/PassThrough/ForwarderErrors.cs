using AptP2P.Host.Origins.Http;
using AptP2P.Host.Proxy.Answers;
using Yarp.ReverseProxy.Forwarder;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>What a client is told when YARP could not pass an answer on.</summary>
internal static class ForwarderErrors
{
    public static ErrorAnswer Explain(ForwarderError error, Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case OriginRefusedException refused:
                    return new ErrorAnswer(StatusCodes.Status403Forbidden, refused.Message);
                case RedirectException redirect:
                    return new ErrorAnswer(redirect.Status, redirect.Message);
            }
        }

        var isTimeout = error is ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyCanceled or ForwarderError.RequestCanceled;
        return isTimeout
            ? new ErrorAnswer(StatusCodes.Status504GatewayTimeout, "the mirror does not answer in time")
            : new ErrorAnswer(
                StatusCodes.Status502BadGateway,
                $"the mirror cannot be reached: {exception?.GetBaseException().Message ?? error.ToString()}");
    }
}
