using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using AptP2P.Source.Peers.Reputation;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>
/// Asks those who were good for one content whether they have another, and neighbours. Questions that come while one is on its way go
/// together in the next.
/// </summary>
internal sealed class KnownPeers(PeerClient client, PeerReputation reputation) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<IPEndPoint, HaveQuestions> _questions = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Streams those who say that they have it, the quickest first.</summary>
    /// <param name="hash">What is wanted.</param>
    /// <param name="effort">Without a search only some neighbours are asked: there may be many, and files are small.</param>
    /// <param name="cancellationToken">Ends the wait; the questions go on.</param>
    public async IAsyncEnumerable<IPEndPoint> FindAsync(
        ContentHash hash, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var near = effort == SearchEffort.Search ? reputation.Neighbours : reputation.BestNeighbours;
        IPEndPoint[] peers = [.. effort == SearchEffort.Near ? near : near.Union(reputation.Good)];
        Forget();
        var asked = peers.Select(peer => AskAsync(peer, hash, cancellationToken)).ToArray();
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
        var questions = _questions.GetOrAdd(peer, peer => new HaveQuestions(hashes => AskAsync(peer, hashes)));
        return await questions.AskAsync(hash).WaitAsync(cancellationToken) ? peer : null;
    }

    private async Task<byte[]?> AskAsync(IPEndPoint peer, IReadOnlyList<ContentHash> hashes)
    {
        var (field, isAbsent) = await client.HaveAsync(peer, hashes, _stop.Token);
        if (isAbsent)
        {
            reputation.WasAbsent(peer); // the next content should not wait for it as well
        }

        return field;
    }

    private void Forget()
    {
        HashSet<IPEndPoint> asked = [.. reputation.Neighbours, .. reputation.Good];
        foreach (var (peer, questions) in _questions)
        {
            if (questions.IsIdle && !asked.Contains(peer))
            {
                _questions.TryRemove(peer, out _);
            }
        }
    }
}
