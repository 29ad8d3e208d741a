namespace AptP2P.Host.Origins;

/// <summary>
/// Keeps .NET's HTTP client from asking a server four times that closes each new connection without an answer: it takes that for a kept connection which has
/// ended, and for those alone it may ask again.
/// </summary>
internal static class OneConnection
{
    private const string Key = "AptP2P.OneConnection";

    /// <summary>A connection is made for a request.</summary>
    /// <exception cref="HttpIOException">It is the second one for this request.</exception>
    public static void Begin(HttpRequestMessage request)
    {
        if (!((IDictionary<string, object?>)request.Options).TryAdd(Key, null))
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "it closed the connection without an answer");
        }
    }
}
