using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Daemon;
using AptP2P.Host.Proxy.Requests;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>
/// Decides who may have a connection, before anything is spent on it. Strangers have a limit for each address, and a part of all
/// connections is kept from them, for those who may use the proxy; no single address of these may have all of it either. When all are in
/// use, a newcomer takes the place of an idle connection, from the address with most. That costs the idle client a new connection; a
/// refusal would cost an apt its file.
/// </summary>
internal sealed partial class ConnectionGate(
    IOptions<NodeOptions> node, ClientRules rules, ConnectionMetrics metrics, ILogger<ConnectionGate> logger)
{
    private readonly Dictionary<IPAddress, List<ConnectionPlace>> _places = []; // by address, or network of one subscriber
    private readonly Lock _lock = new();
    private int _all;
    private int _strangers;
    private long _turn; // counts when connections became idle

    private int MostOfAll => node.Value.Connections;

    private int MostOfStrangers => Math.Max(1, MostOfAll - node.Value.ConnectionReserve);

    private int MostOfOneClient => Math.Max(1, MostOfAll / 2);

    /// <summary>Makes room for a connection.</summary>
    /// <param name="address">Of who connects.</param>
    /// <param name="close">Ends the connection at once. Called from anywhere.</param>
    /// <returns>Nothing when there is no room.</returns>
    public ConnectionPlace? Enter(IPAddress address, Action close)
    {
        var isClient = rules.MayUse(address);
        var subscriber = SubscriberOf(address);
        List<ConnectionPlace> closed = [];
        ConnectionPlace? place = null;
        lock (_lock)
        {
            var own = _places.GetValueOrDefault(subscriber) ?? [];
            var hasRoom = TryMakeRoom(own.Count < (isClient ? MostOfOneClient : node.Value.ConnectionsPerAddress), "address", own, closed)
                && TryMakeRoom(isClient || _strangers < MostOfStrangers, "strangers", Of(isClient: false), closed)
                && TryMakeRoom(_all < MostOfAll, "all", Of(isClient: false).Concat(isClient ? Of(isClient: true) : []), closed);
            if (hasRoom)
            {
                place = new ConnectionPlace(this, subscriber, isClient, close);
                own.Add(place);
                _places[subscriber] = own; // which it may have left
                Count(place, 1);
            }
        }

        closed.ForEach(idle => idle.Close());
        if (place is null)
        {
            LogRefused(MostOfAll, isClient ? MostOfOneClient : node.Value.ConnectionsPerAddress);
        }

        return place;
    }

    /// <summary>A number that is larger than all before.</summary>
    public long NextTurn() => Interlocked.Increment(ref _turn);

    public void Leave(ConnectionPlace place)
    {
        lock (_lock)
        {
            Remove(place);
        }
    }

    /// <summary>A stranger has connected and said nothing.</summary>
    public void CloseSilent(ConnectionPlace place)
    {
        metrics.Closed("silent");
        place.Close();
    }

    /// <summary>What one subscriber has all addresses of: in IPv6 a /64.</summary>
    private static IPAddress SubscriberOf(IPAddress address)
    {
        address = address.Plain();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], 0);
        return new IPAddress(bytes);
    }

    private bool TryMakeRoom(bool isThere, string limit, IEnumerable<ConnectionPlace> from, List<ConnectionPlace> closed)
    {
        if (isThere)
        {
            return true;
        }

        metrics.Closed(limit);
        var idle = from.Where(place => place.IsIdle).MinBy(place => (place.IsClient, -_places[place.Subscriber].Count, place.IdleSince));
        if (idle is null)
        {
            return false;
        }

        Remove(idle);
        closed.Add(idle);
        return true;
    }

    private IEnumerable<ConnectionPlace> Of(bool isClient) =>
        _places.Values.Where(places => places[0].IsClient == isClient).SelectMany(places => places);

    private void Remove(ConnectionPlace place)
    {
        if (_places.TryGetValue(place.Subscriber, out var places) && places.Remove(place))
        {
            Count(place, -1);
            if (places.Count == 0)
            {
                _places.Remove(place.Subscriber);
            }
        }
    }

    private void Count(ConnectionPlace place, int change)
    {
        _all += change;
        _strangers += place.IsClient ? 0 : change;
    }

    [LoggerMessage(
        1180,
        LogLevel.Warning,
        "A connection was refused: something is under way on all {All}, or the {One} of its address. See [Host] Connections, "
        + "ConnectionsPerAddress")]
    private partial void LogRefused(int all, int one);
}
