using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>
/// When to look into Mainline for nodes of ours, and when to be announced there. It looks while few nodes of the world are known: at long
/// intervals, but sooner while nobody is. It announces by chance, so that a network of any size has about as many announcements. Without
/// I/O: a timer drives it.
/// </summary>
internal sealed class MeetingPoint : IPeerSink, IDisposable
{
    /// <summary>How often it looks whether something is to be done; that sends nothing.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    /// <summary>Saved nodes, neighbours, Bootstrap and SRV have this long, and up to twice as long: many machines start at once.</summary>
    private static readonly TimeSpan OthersFirst = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly KademliaOptions _options;
    private readonly OwnNetwork _own;
    private readonly Mainline _mainline;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly NodeId _key;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Queue<TimeSpan> _looks = new();
    private readonly Turn _v4 = new(), _v6 = new();
    private TimeSpan _begin;
    private TimeSpan _interval;
    private TimeSpan _pause;
    private TimeSpan? _last;
    private bool _isLooking;
    private int _found;

    public MeetingPoint(KademliaOptions options, NodeId key, OwnNetwork own, Mainline mainline, TimeProvider time, Random random)
    {
        (_options, _own, _mainline, _time, _random) = (options, own, mainline, time, random);
        (_key, _start, _begin) = (key, time.GetTimestamp(), OthersFirst * (1 + random.NextDouble()));
        _timer = time.CreateTimer(static self => ((MeetingPoint)self!).Look(), this, Tick, Tick);
    }

    /// <summary>Look-ups so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Announcements so far.</summary>
    public int Announcements { get; private set; }

    /// <summary>How many nodes the look-ups have named so far.</summary>
    public int Found => _found;

    /// <summary>
    /// Where others reach our node, in each family: that is announced from now on. The address is what it is known by, if it is known; only
    /// the port is told.
    /// </summary>
    public void SetEndpoints(UdpEndpoint? v4, UdpEndpoint? v6)
    {
        lock (_gate)
        {
            _v4.Set(v4, Now);
            _v6.Set(v6, Now);
        }
    }

    /// <summary>The machine is in another network. If nobody from before answers there, it looks soon.</summary>
    public void NetworkChanged()
    {
        lock (_gate)
        {
            _begin = Now + (OthersFirst * (1 + _random.NextDouble()));
            _pause = TimeSpan.Zero;
        }
    }

    public void Dispose() => _timer.Dispose();

    void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim)
    {
        Interlocked.Increment(ref _found);
        _own.Greet(Way.Mainline, peer);
    }

    void IPeerSink.Ended()
    {
        lock (_gate)
        {
            _isLooking = false;
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    // Neither node's lock may be taken under the gate: what the nodes call under theirs takes it.
    private void Look()
    {
        if (!_own.IsConnected)
        {
            return; // nothing would come of it but a line in the log
        }

        var (known, size) = (_own.CountWorld(), _own.Size);
        RendezvousPorts ports;
        lock (_gate)
        {
            var now = Now;
            _pause = known > 0 ? _options.MeetingRetry : _pause;
            if (_isLooking || now < _begin || !MayLook(now))
            {
                return;
            }

            var wants = known < _options.EnoughNodes && now >= LookDue(known);
            ports = new RendezvousPorts(Announces(_v4, size, now), Announces(_v6, size, now));
            if (!wants && !ports.Any)
            {
                return;
            }

            _isLooking = true;
            _looks.Enqueue(now);
            (Looks, Announcements) = (Looks + 1, Announcements + (ports.Any ? 1 : 0));
            (_last, _interval) = (now, Interval());
            _pause = known > 0 || _pause == TimeSpan.Zero ? _options.MeetingRetry : _pause * 2 < _interval ? _pause * 2 : _interval;
        }

        _mainline.Begin(_key, ports, this);
    }

    /// <summary>A node that knows nobody looks soon; one that knows a few hears of others from them.</summary>
    private TimeSpan LookDue(int known) => _last is not { } last ? _begin : last + (known == 0 ? _pause : _interval);

    private bool MayLook(TimeSpan now)
    {
        while (_looks.TryPeek(out var oldest) && now - oldest >= Hour)
        {
            _looks.Dequeue();
        }

        return _looks.Count < _options.MaxMeetingsPerHour;
    }

    /// <returns>The port, if it is the family's turn and chance wants it; else 0.</returns>
    private ushort Announces(Turn turn, double size, TimeSpan now)
    {
        if (turn.At is not { } at || now < turn.Due)
        {
            return 0;
        }

        turn.Due = now + Interval();
        return _random.NextDouble() * size < _options.MeetingAnnouncers ? at.Port : (ushort)0;
    }

    private TimeSpan Interval() => _options.MeetingMin + ((_options.MeetingMax - _options.MeetingMin) * _random.NextDouble());

    /// <summary>The announcing of one family.</summary>
    private sealed class Turn
    {
        private UdpEndpoint? _last;

        public UdpEndpoint? At { get; private set; }

        public TimeSpan Due { get; set; }

        /// <summary>Somewhere else it is announced at once. Where it was before it was nowhere, it was announced already.</summary>
        public void Set(UdpEndpoint? at, TimeSpan now)
        {
            Due = at is not null && at != _last ? now : Due;
            (At, _last) = (at, at ?? _last);
        }
    }
}
