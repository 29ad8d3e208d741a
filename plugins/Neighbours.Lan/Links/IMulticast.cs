using System.Net;
using AptP2P.Neighbours.Lan.Datagrams;

namespace AptP2P.Neighbours.Lan.Links;

/// <summary>The groups of BEP 14 on this machine's links: sockets, or a test's network.</summary>
internal interface IMulticast : IAsyncDisposable
{
    /// <summary>Takes part on every link that there is now. What cannot be had yet is tried again each time.</summary>
    /// <param name="receive">Gets what comes, from several threads at once.</param>
    LinkReport Refresh(Action<Arrival> receive);

    /// <summary>Sends on a link, in each family that it has.</summary>
    /// <param name="link">Where.</param>
    /// <param name="write">Makes the datagram for a group.</param>
    LinkReport Send(Link link, Func<IPEndPoint, byte[]> write);
}
