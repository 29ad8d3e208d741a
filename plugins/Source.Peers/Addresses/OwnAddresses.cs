using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>Where this node can be reached itself: it is not its own peer, and it knows who is near.</summary>
internal sealed class OwnAddresses(IPEndPoint listening, Func<IEnumerable<IPAddress>> read, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1); // a laptop changes networks; asking the system costs a millisecond

    private readonly IPEndPoint _listening = PeerAddress.Plain(listening);
    private FrozenSet<IPAddress> _addresses = read().ToFrozenSet();
    private long _readAt = time.GetTimestamp();

    /// <summary>Those of the machine's interfaces.</summary>
    public static IEnumerable<IPAddress> OfMachine() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address);

    /// <summary>Whether this node listens there.</summary>
    public bool IsSelf(IPEndPoint endPoint) =>
        endPoint.Port == _listening.Port && (IsAny(_listening.Address) ? IsOwn(endPoint.Address) : endPoint.Address.Equals(_listening.Address));

    public ChannelDistance DistanceOf(IPAddress address) =>
        IsOwn(address) ? ChannelDistance.SameHost
        : Current().Any(own => PeerAddress.AreNeighbours(own, address)) ? ChannelDistance.SameNetwork
        : ChannelDistance.Other;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private bool IsOwn(IPAddress address) => IPAddress.IsLoopback(address) || Current().Contains(address);

    private FrozenSet<IPAddress> Current()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _readAt)) > Fresh)
        {
            Interlocked.Exchange(ref _readAt, time.GetTimestamp());
            _addresses = read().ToFrozenSet();
        }

        return _addresses;
    }
}
