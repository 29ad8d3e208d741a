using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using AptP2P.Source.Peers.Reputation;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>
/// Asks those who were good for one content whether they have another. Questions that come while one is on its way go together in the next.
/// </summary>
internal sealed class KnownPeers(PeerClient client, PeerReputation reputation) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<IPEndPoint, HaveQuestions> _questions = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Streams those who say that they have it, the quickest first.</summary>
    public async IAsyncEnumerable<IPEndPoint> FindAsync(ContentHash hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var good = reputation.Good;
        Forget(good);
        var asked = good.Select(peer => AskAsync(peer, hash, cancellationToken)).ToArray();
        await foreach (var answer in Task.WhenEach(asked).WithCancellation(cancellationToken))
        {
            if (await answer is { } peer)
            {
                yield return peer;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_questions.Values.Select(questions => questions.EndAsync()));
        _stop.Dispose();
    }

    private async Task<IPEndPoint?> AskAsync(IPEndPoint peer, ContentHash hash, CancellationToken cancellationToken)
    {
        var questions = _questions.GetOrAdd(peer, peer => new HaveQuestions(hashes => client.HaveAsync(peer, hashes, _stop.Token)));
        return await questions.AskAsync(hash).WaitAsync(cancellationToken) ? peer : null;
    }

    private void Forget(IReadOnlyList<IPEndPoint> good)
    {
        foreach (var (peer, questions) in _questions)
        {
            if (questions.IsIdle && !good.Contains(peer))
            {
                _questions.TryRemove(peer, out _);
            }
        }
    }
}
