namespace AptP2P.Host.Origins.Http;

/// <summary>A redirect that is not followed. The message is for the client.</summary>
/// <param name="status">
/// What the client is told. None of those that apt tries again (408, 429, 500, 502, 503, 504): without the daemon it would not either, and
/// each of its attempts would be a whole chain of requests.
/// </param>
internal sealed class RedirectException(int status, string message) : HttpRequestException(HttpRequestError.InvalidResponse, message)
{
    public int Status => status;
}
