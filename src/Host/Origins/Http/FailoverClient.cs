using System.Net.Http.Headers;
using AptP2P.Host.Origins.Mirrors;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Http;

/// <summary>Asks for files that have no known hash (InRelease), for the daemon's own sake: no client's connection hangs on it.</summary>
internal sealed class FailoverClient(IOriginClient client, MirrorList mirrors, IOptions<FailoverOptions> options, TimeProvider time)
{
    /// <summary>
    /// Until an origin's headers are there, where there is no other to ask. Stops one that keeps silent from being waited for without end.
    /// </summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Asks for a file, also its mirrors as long as there is no answer that says something of the file. The body is read by the caller.
    /// </summary>
    /// <param name="origin">The file.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public Task<HttpResponseMessage> GetAsync(Origin origin, CancellationToken cancellationToken) =>
        GetAsync(origin, _ => { }, cancellationToken);

    /// <summary>The same with headers of the caller's: If-Modified-Since and its like.</summary>
    /// <param name="origin">The file.</param>
    /// <param name="prepare">Sets them, for each origin that is asked.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<HttpResponseMessage> GetAsync(Origin origin, Action<HttpRequestHeaders> prepare, CancellationToken cancellationToken)
    {
        var turns = mirrors.InTurn(origin);
        foreach (var turn in turns.SkipLast(1))
        {
            try
            {
                var response = await AskAsync(turn, options.Value.FirstByte, prepare, cancellationToken);
                if (!StatusMeaning.IsTrouble(response.StatusCode))
                {
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException)
            {
                // The next one, then.
            }

            mirrors.WasInTrouble(turn);
        }

        return await AskAsync(turns[^1], HeadersTimeout, prepare, cancellationToken);
    }

    private async Task<HttpResponseMessage> AskAsync(
        Origin origin, TimeSpan patience, Action<HttpRequestHeaders> prepare, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = new HttpRequestMessage();
        request.Headers.CacheControl = new() { MaxAge = TimeSpan.Zero };
        request.Headers.AcceptEncoding.Add(new("identity")); // the file, not what a server makes of it
        prepare(request.Headers);
        try
        {
            return await client.SendAsync(origin, request, resolved: null, either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, $"{origin.Authority} gave no answer in {patience.TotalSeconds} s", e);
        }
    }
}
