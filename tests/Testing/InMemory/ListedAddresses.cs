using System.Net;

namespace AptP2P.Testing.InMemory;

/// <summary>A machine that has the addresses that a test lists.</summary>
public sealed class ListedAddresses(params string[] addresses) : IMachineAddresses
{
    public IReadOnlySet<IPAddress> Current { get; private set; } = Parse(addresses);

    /// <summary>The machine goes to another network.</summary>
    public void Change(params string[] to) => Current = Parse(to);

    private static HashSet<IPAddress> Parse(string[] addresses) => [.. addresses.Select(IPAddress.Parse)];
}
