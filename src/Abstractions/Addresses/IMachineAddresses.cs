using System.Net;

namespace AptP2P;

/// <summary>Where this machine can be reached itself, whatever scope that is. The host provides it.</summary>
public interface IMachineAddresses
{
    /// <summary>The addresses of its interfaces as they are now, or were some seconds ago: a laptop changes networks.</summary>
    IReadOnlySet<IPAddress> Current { get; }
}
