using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>Connects to one address: a socket, or a test's.</summary>
internal delegate ValueTask<Stream> AddressDial(IPEndPoint address, CancellationToken cancellationToken);

/// <summary>Tries the addresses of a name a moment apart, and keeps the first that takes a connection (RFC 8305).</summary>
internal sealed class AddressRace(AddressDial dial, DeadAddresses dead, IOptions<ConnectingOptions> options, TimeProvider time)
{
    private const int MaxAttempts = 10; // a name may have hundreds of addresses, and each attempt is a socket

    /// <summary>A plain TCP connection.</summary>
    public static async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to one of them.</summary>
    /// <exception cref="SocketException">None takes a connection: what the last one said.</exception>
    public async Task<Stream> ConnectAsync(IReadOnlyCollection<IPEndPoint> addresses, CancellationToken cancellationToken)
    {
        var coming = new Queue<IPEndPoint>(InTurn(addresses).Take(MaxAttempts));
        if (coming.Count == 1)
        {
            return await dial(coming.Dequeue(), cancellationToken);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Attempt> running = [];
        try
        {
            while (true)
            {
                if (coming.TryDequeue(out var address))
                {
                    running.Add(new Attempt(address, time.GetTimestamp(), dial(address, stop.Token).AsTask()));
                }

                if (await FirstAsync(running, isLast: coming.Count == 0, stop.Token) is not { } ended)
                {
                    continue; // none is through: one more
                }

                running.Remove(ended);
                try
                {
                    var stream = await ended.Connecting;
                    dead.Answered(ended.Address);
                    return stream;
                }
                catch (SocketException) when (running.Count > 0 || coming.Count > 0)
                {
                    dead.Failed(ended.Address);
                }
            }
        }
        finally
        {
            stop.Cancel(); // nothing that hangs on it blocks
            foreach (var loser in running)
            {
                await DropAsync(loser);
            }
        }
    }

    /// <summary>The attempt that ended first, or nothing when it is time for one more.</summary>
    private async Task<Attempt?> FirstAsync(List<Attempt> running, bool isLast, CancellationToken cancellationToken)
    {
        var pause = Task.Delay(isLast ? Timeout.InfiniteTimeSpan : options.Value.AttemptDelay, time, cancellationToken);
        var first = await Task.WhenAny([.. running.Select(attempt => attempt.Connecting), pause]);
        cancellationToken.ThrowIfCancellationRequested();
        return running.Find(attempt => attempt.Connecting == first);
    }

    private async Task DropAsync(Attempt loser)
    {
        try
        {
            await (await loser.Connecting).DisposeAsync();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One that others overtook is not waited for again; one that had no time to answer is as good as before.
            if (time.GetElapsedTime(loser.Started) >= options.Value.AttemptDelay)
            {
                dead.Failed(loser.Address);
            }
        }
    }

    /// <summary>
    /// In the resolver's order (RFC 6724), the two families in turn (RFC 8305, section 4); those that were dead lately last.
    /// </summary>
    private IEnumerable<IPEndPoint> InTurn(IReadOnlyCollection<IPEndPoint> addresses)
    {
        var lookup = addresses.ToLookup(dead.IsDead);
        return InterleaveFamilies([.. lookup[false]]).Concat(InterleaveFamilies([.. lookup[true]]));
    }

    private static IEnumerable<IPEndPoint> InterleaveFamilies(IPEndPoint[] addresses)
    {
        var families = addresses.ToLookup(address => address.AddressFamily == addresses[0].AddressFamily);
        var (first, second) = (families[true].ToArray(), families[false].ToArray());
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            if (i < first.Length)
            {
                yield return first[i];
            }

            if (i < second.Length)
            {
                yield return second[i];
            }
        }
    }

    private sealed record Attempt(IPEndPoint Address, long Started, Task<Stream> Connecting);
}
