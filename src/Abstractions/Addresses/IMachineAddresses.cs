using System.Net;

namespace AptP2P;

/// <summary>Where this machine can be reached itself, whatever scope that is, and when that changes. The host provides it.</summary>
public interface IMachineAddresses
{
    /// <summary>The addresses of its interfaces as they are now, or were some seconds ago: a laptop changes networks.</summary>
    IReadOnlySet<IPAddress> Current { get; }

    /// <summary>
    /// Counts the times that the machine may have come to another network: an address came or went, a link came up, the machine slept.
    /// What was measured of the network before is to be measured again.
    /// </summary>
    int Changes => 0;

    /// <summary>Waits until <see cref="Changes"/> is no longer <paramref name="seen"/>, and returns what it is then.</summary>
    async Task<int> WaitForChangeAsync(int seen, CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return seen;
    }

    /// <summary>
    /// Whether an address is of this machine's own network, where bytes cost nothing: a local one (<see cref="AddressTable.IsLocal"/>), or
    /// a global IPv6 address with the prefix of one of its links (RFC 4861).
    /// </summary>
    bool IsNear(IPAddress address) => address.Scope().IsLocal();
}
