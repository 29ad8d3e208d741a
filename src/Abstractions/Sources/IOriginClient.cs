namespace AptP2P;

/// <summary>
/// Asks origins for files, over the host's connections and by the host's rules: what may be reached is checked for each connection, and
/// redirects are followed in one way, whoever asks.
/// </summary>
public interface IOriginClient
{
    /// <summary>
    /// Sends a request and returns when the headers of an answer that is no redirect are there. Waits as long as the token lets it:
    /// connecting has a limit of its own, the origin's silence is the caller's to judge.
    /// </summary>
    /// <param name="origin">The file. Its bytes go out as they are, and so do those of the addresses that redirects name.</param>
    /// <param name="request">GET or HEAD without a body, and headers. Its address is set here, and its Host and User-Agent where it has
    /// none.</param>
    /// <param name="resolved">
    /// Where an earlier answer for this file came from: the address of that answer's request. It is asked first. If it cannot be reached or
    /// answers 401, 403, 404 or 410, as an expired address does, the origin itself is asked, once.
    /// </param>
    /// <param name="cancellationToken">Ends the request; not the body that was returned.</param>
    /// <returns>
    /// The answer, with the request that was answered in the end. The caller disposes of it, and may do so before the body's end.
    /// </returns>
    /// <exception cref="HttpRequestException">
    /// There was no answer, or a redirect that cannot be followed. Where the rules forbade a connection, an
    /// <see cref="OriginRefusedException"/> is inside.
    /// </exception>
    Task<HttpResponseMessage> SendAsync(Origin origin, HttpRequestMessage request, Uri? resolved, CancellationToken cancellationToken);
}
