using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// The ways in by names, while few nodes are known: first the configured bootstrap nodes, then those of the search domains. Names are
/// resolved again from time to time, since their addresses change, and when the machine comes to another network.
/// </summary>
/// <param name="options">The options.</param>
/// <param name="bootstrap">Resolves the configured names.</param>
/// <param name="records">The search domains' nodes; <see langword="null"/> if they are not asked.</param>
/// <param name="own">Our node.</param>
/// <param name="mayEnter">Whether we may deal with an address.</param>
/// <param name="time">The clock.</param>
internal sealed class NamedNodes(
    KademliaOptions options, NodeNames bootstrap, Func<CancellationToken, Task<IReadOnlyList<string>>>? records, OwnNetwork own,
    Func<UdpEndpoint, bool> mayEnter, TimeProvider time) : IDisposable
{
    /// <summary>What Bootstrap names has this long to answer before the search domains are asked.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private CancellationTokenSource _pausing = new();

    /// <summary>The machine is in another network, where names may stand for others: they are resolved there.</summary>
    public void NetworkChanged() => Interlocked.Exchange(ref _pausing, new CancellationTokenSource()).Cancel();

    public void Dispose() => _pausing.Dispose();

    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var pause = options.RejoinMin;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _pausing.Token);
                var found = await EnterAsync(either.Token);
                pause = found ? options.ResolveInterval : pause * 2 < options.RejoinMax ? pause * 2 : options.RejoinMax;
                await Task.Delay(pause, time, either.Token);
            }
            catch (OperationCanceledException)
            {
                pause = options.RejoinMin; // stopping, or in another network
            }
        }
    }

    /// <returns>Whether anybody is known, or was named: if not, it is tried again soon.</returns>
    private async Task<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (own.Count() >= options.EnoughNodes)
        {
            return true;
        }

        var found = await bootstrap.ResolveAsync(options.Bootstrap, cancellationToken);
        own.Enter(Way.Bootstrap, [.. found.Where(mayEnter)]);
        if (records is null)
        {
            return found.Count > 0 || options.Bootstrap.Length == 0;
        }

        await Task.Delay(Grace, time, cancellationToken);
        if (own.Count() < options.EnoughNodes)
        {
            var named = await bootstrap.ResolveAsync(await records(cancellationToken), cancellationToken);
            own.Enter(Way.Srv, [.. named.Where(mayEnter)]);
        }

        return found.Count > 0 || options.Bootstrap.Length == 0;
    }
}
