using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Answers;
using Yarp.ReverseProxy.Forwarder;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>
/// Keeps the exact bytes of the path, which YARP's own transforms would decode, and adds nothing that an origin could not expect from apt.
/// </summary>
/// <param name="isMutable">
/// Whether the file changes in place, as InRelease does: it is always answered whole, since the head of an old one and the tail of a new
/// one make a file that never was.
/// </param>
/// <param name="passing">Told of each answer that is about to be passed on.</param>
internal sealed class PassThroughTransform(bool isMutable, Action<HttpResponseMessage> passing) : HttpTransformer
{
    private Origin? _origin;

    /// <summary>The status of an answer that was not passed on.</summary>
    public int? Withheld { get; private set; }

    /// <summary>The status that was passed on.</summary>
    public int? Status { get; private set; }

    /// <summary>Whether another origin is asked if this one is in trouble, so that the client need not hear of it.</summary>
    public bool HasNext { get; set; }

    /// <summary>Called when the origin has answered.</summary>
    public Action Answered { get; set; } = () => { };

    public void Begin(Origin origin) => (_origin, Withheld, Status) = (origin, null, null);

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = _origin!.ToUri();
        proxyRequest.Headers.Host = _origin.Authority;
        PassedHeaders.CleanRequest(proxyRequest.Headers);
        proxyRequest.Headers.TryAddWithoutValidation("Via", ViaMark.OfDaemons(httpContext.Request.Headers.Via));
        if (isMutable)
        {
            proxyRequest.Headers.Remove("Range");
            proxyRequest.Headers.Remove("If-Range");
            proxyRequest.Headers.AcceptEncoding.Clear();
            proxyRequest.Headers.AcceptEncoding.Add(new("identity")); // the file, whatever the client takes: copies and hashes are of that
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return true; // YARP answers with its error; the caller replaces it
        }

        var status = (int)proxyResponse.StatusCode;
        if (HasNext && StatusMeaning.IsTrouble(proxyResponse.StatusCode))
        {
            Withheld = status;
            return false;
        }

        Answered();
        Status = status;
        passing(proxyResponse);
        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        PassedHeaders.CleanResponse(httpContext.Response.Headers);
        AnswerHeaders.Mark(httpContext.Response, ServedFrom.Miss);
        return true;
    }

    /// <summary>None: what comes behind a body says nothing that a client of archives waits for.</summary>
    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        default;
}
