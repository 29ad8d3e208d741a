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
    KademliaOptions options, NodeNames bootstrap, ServiceRecords? records, OwnNetwork own,
    Func<UdpEndpoint, bool> mayEnter, TimeProvider time)
{
    /// <summary>What Bootstrap names has this long to answer before the search domains are asked.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public async Task WatchAsync(IMachineAddresses addresses, CancellationToken cancellationToken)
    {
        var pause = options.RejoinMin;
        try
        {
            for (var changes = addresses.Changes; ;)
            {
                var found = await EnterAsync(cancellationToken);
                pause = found ? options.ResolveInterval : pause * 2 < options.RejoinMax ? pause * 2 : options.RejoinMax;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var change = addresses.WaitForChangeAsync(changes, either.Token);
                await Task.WhenAny(change, Task.Delay(pause, time, either.Token));
                pause = change.IsCompleted ? options.RejoinMin : pause;
                changes = addresses.Changes;
                await either.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // stopping
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
            var named = await bootstrap.ResolveAsync(await records.FindAsync(cancellationToken), cancellationToken);
            own.Enter(Way.Srv, [.. named.Where(mayEnter)]);
        }

        return found.Count > 0 || options.Bootstrap.Length == 0;
    }
}
