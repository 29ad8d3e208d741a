using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Answering;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// A node of the DHT without I/O: datagrams come in by <see cref="Receive"/> and go out by an <see cref="IDatagramSender"/>, and the clock
/// is given. Thousands of nodes fit into a process. Every method may be called from any thread: all work is done under one lock, and
/// nothing waits while it is held.
/// </summary>
internal sealed partial class KademliaNode : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Outbox _outbox;
    private readonly Deadlines _deadlines;
    private readonly NodeParts _parts;
    private readonly OwnAnnouncements _own = new();
    private readonly Stores _stores;
    private readonly NodeMemory _memory;
    private readonly Gatekeeper _gatekeeper;
    private readonly Responder _responder;
    private readonly Admission _admission;
    private readonly Joining _joining;
    private readonly Announcer _announcer;
    private readonly Upkeep _upkeep;
    private readonly Searches _searches;
    private readonly Losses _losses;
    private readonly Knocks _knocks;
    private readonly Greetings _greetings;

    public KademliaNode(KademliaOptions options, NodeSetup setup, IDatagramSender sender, TimeProvider time, Random random)
    {
        _deadlines = new Deadlines(time, _gate);
        _outbox = new Outbox(sender, _deadlines, Traffic);
        Families = new FamilySet(
            setup.V4 is null ? null : new Family(setup.V4, options), setup.V6 is null ? null : new Family(setup.V6, options));
        var network = NetworkTag.Of(options, setup.Secret);
        var queries = new PendingQueries(options, network, _outbox, _deadlines, random, Traffic, this);
        _parts = new NodeParts(options, Families, new Entrances(options, Families), queries, _deadlines, random)
        {
            LookupEnded = setup.LookupEnded,
        };
        _gatekeeper = new Gatekeeper(options, random);
        _stores = new Stores(options, random);
        _memory = new NodeMemory(options, _deadlines, Families, _stores, _own, random);
        _responder = new Responder(options, network, _stores, Families, _own, _gatekeeper, random);
        _admission = new Admission(_parts);
        _joining = new Joining(_parts, _admission);
        _announcer = new Announcer(_parts, _own, new ItemPublisher(_parts, _own));
        _joining.WhenJoined = _announcer.AnnounceDue;
        _joining.WhenMoved = family => _announcer.AnnounceAll(family, all: true);
        _upkeep = new Upkeep(_parts, _stores, _admission, _announcer, _joining);
        _knocks = new Knocks(Families);
        _losses = new Losses(_parts, _admission, _joining);
        _searches = new Searches(_parts, _stores, _own);
        _greetings = new Greetings(_parts, _joining);
        Counts = new NodeCounts(_parts, _stores, _own);
    }

    public FamilySet Families { get; }

    public Traffic Traffic { get; } = new();

    public NodeCounts Counts { get; }

    /// <summary>Whether somebody announced a key to this node.</summary>
    public bool Knows(NodeId key)
    {
        lock (_gate)
        {
            return _stores.Contacts.Knows(key);
        }
    }

    /// <summary>Whether any node has answered within this time.</summary>
    public bool HasHeard(TimeSpan within) => _losses.HasHeard(within);

    /// <summary>Grows with every change of what is announced.</summary>
    public long AnnouncedVersion => _own.Version;

    /// <summary>Our endpoint as others see it, once known.</summary>
    public UdpEndpoint? External
    {
        get
        {
            lock (_gate)
            {
                return Families.V4?.External ?? Families.V6?.External;
            }
        }
    }

    /// <summary>Joins the network by these endpoints, and stays in it.</summary>
    public void Start(IEnumerable<UdpEndpoint> entrances)
    {
        lock (_gate)
        {
            _upkeep.Start();
            _joining.Enter(entrances);
        }
    }

    /// <summary>Adds endpoints where nodes are said to be.</summary>
    public void Enter(IEnumerable<UdpEndpoint> endpoints)
    {
        lock (_gate)
        {
            _joining.Enter(endpoints);
        }
    }

    /// <summary>Takes a datagram from the network.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from)
    {
        lock (_gate)
        {
            Traffic.Received(datagram.Length);
            if (Families.Of(from) is not { } family || !family.Vicinity.Admits(from))
            {
                Traffic.Refused++;
            }
            else if (!KrpcMessage.TryParse(datagram, out var message))
            {
                Traffic.Malformed++;
            }
            else if (message.Kind != KrpcKind.Query)
            {
                _parts.Queries.Receive(message, from);
            }
            else if (_parts.Queries.IsOfNetwork(message))
            {
                AnswerQuery(family, message, from);
            }
            else
            {
                Traffic.Foreign++;
            }
        }
    }

    /// <summary>Takes a datagram of ours that came back as unreachable.</summary>
    public void Unreachable(ReadOnlySpan<byte> sent, UdpEndpoint to)
    {
        lock (_gate)
        {
            if (KrpcMessage.TryParse(sent, out var message) && message.Kind == KrpcKind.Query)
            {
                _parts.Queries.Unreachable(message.Transaction, to);
            }
        }
    }

    /// <summary>Looks for the peers of a key. The sink is called under the node's lock.</summary>
    public PeerSearch FindPeers(NodeId key, IPeerSink sink)
    {
        lock (_gate)
        {
            return _searches.FindPeers(key, sink);
        }
    }

    /// <summary>Looks for an immutable item.</summary>
    public ItemSearch FindItem(NodeId target)
    {
        lock (_gate)
        {
            return _searches.FindItem(target);
        }
    }

    public void Cancel(ItemSearch search)
    {
        lock (_gate)
        {
            search.Cancel();
        }
    }

    public void Cancel(PeerSearch search)
    {
        lock (_gate)
        {
            search.Cancel();
        }
    }

    /// <summary>Announces a content, now and again and again until it is withdrawn.</summary>
    public Task Announce(NodeId key, Announcement announcement)
    {
        lock (_gate)
        {
            if (_own.Find(key) is { } known && known.Content.Pieces?.Digest == announcement.Pieces?.Digest)
            {
                return Task.CompletedTask;
            }

            return _announcer.Announce(new OwnAnnouncement(key, announcement));
        }
    }

    public void Withdraw(NodeId key)
    {
        lock (_gate)
        {
            _announcer.Withdraw(key);
        }
    }

    /// <summary>Withdraws all but these.</summary>
    public void KeepOnly(IReadOnlySet<NodeId> keys)
    {
        lock (_gate)
        {
            _announcer.KeepOnly(keys);
        }
    }

    /// <summary>What the node should know after a restart.</summary>
    public NodeState Save()
    {
        lock (_gate)
        {
            return _memory.Save();
        }
    }

    /// <summary>Takes back what <see cref="Save"/> gave before a restart.</summary>
    public void Restore(NodeState state)
    {
        lock (_gate)
        {
            _memory.Restore(state);
        }
    }

    public void Dispose() => _deadlines.Dispose();
}
