using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>
/// Finds out in one address family whether others reach this node: asks nodes of other networks to connect back, at the start, when the
/// network or the router's mapping has changed, and now and then.
/// </summary>
internal sealed partial class ReachWatch
{
    /// <summary>How often it looks whether there is somebody to ask, which sends nothing.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(3);

    /// <summary>A router has this long to say what it maps before others are asked; it is asked at the same time as they are met.</summary>
    private static readonly TimeSpan RouterFirst = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Nodes asked in a round: two that agree are enough, and some are silent.</summary>
    public const int MaxAsked = 6;

    private readonly AddressFamily _family;
    private readonly ushort _port;
    private readonly KademliaOptions _options;
    private readonly ReachHands _hands;
    private readonly IMachineAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Queue<long> _asked = new();
    private readonly Lock _gate = new();
    private readonly long _start;
    private PortMapping? _mapping;
    private TimeSpan _due;
    private TimeSpan _pause;
    private int _changes; // counts what makes an answer that is on its way worthless
    private bool _wasNo;
    private int _lastAsked; // how many nodes there were then
    private string _said = "";

    /// <param name="family">The family.</param>
    /// <param name="port">Where this node listens.</param>
    /// <param name="options">The options.</param>
    /// <param name="hands">Who is asked, and who is told.</param>
    /// <param name="addresses">This machine's addresses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For pauses that differ.</param>
    /// <param name="logger">Told of each change of the verdict.</param>
    public ReachWatch(
        AddressFamily family, ushort port, KademliaOptions options, ReachHands hands, IMachineAddresses addresses, TimeProvider time,
        Random random, ILogger logger)
    {
        (_family, _port, _options, _hands, _addresses, _time) = (family, port, options, hands, addresses, time);
        (_random, _logger, _start, _pause) = (random, logger, time.GetTimestamp(), options.ReachRetry);
        _due = RouterFirst;
        State = FamilyReach.Unknown with { IsPresumed = HasPublicAddress() || hands.WasReached(family) };
    }

    public AddressFamily Family => _family;

    /// <summary>What is known.</summary>
    public FamilyReach State { get; private set; }

    /// <summary>Why it cannot be reached and what to do; <see langword="null"/> while that is not so.</summary>
    public string? Hint => Advice is { } advice ? $"{State.Reason(_family)}; {advice}" : null;

    /// <summary>What to do where it cannot be reached; <see langword="null"/> while that is not so.</summary>
    public string? Advice =>
        State.Tcp == false ? FamilyReach.Advice(_family, _port, _hands.OwnAddress(_family)?.ToString()) : null;

    /// <summary>The router's word has changed.</summary>
    public void Mapped(PortMapping mapping)
    {
        lock (_gate)
        {
            var isSame = Equals(_mapping?.Tcp, mapping.Tcp) && Equals(_mapping?.Udp, mapping.Udp);
            _mapping = mapping;
            if (!isSame)
            {
                Forget(TimeSpan.Zero);
            }
            else
            {
                State = State with { Mapping = mapping };
            }
        }

        Tell();
    }

    /// <summary>The machine is in another network: nothing holds that was found out before.</summary>
    public void NetworkChanged()
    {
        lock (_gate)
        {
            Forget(RouterFirst); // what the router does now it has time to say
        }

        Tell();
    }

    /// <summary>Asks until the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Tell();
            while (true)
            {
                await Task.Delay(Tick * (0.5 + _random.NextDouble()), _time, cancellationToken);
                if (_hands.Elsewhere(_family) is { Count: > 0 } nodes && IsDue(nodes.Count))
                {
                    await AskAsync(nodes, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopping
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>While nobody has said anything of use, those who are new are asked at once.</summary>
    private bool IsDue(int nodes)
    {
        lock (_gate)
        {
            return Now >= _due || (State.Tcp is null && _lastAsked > 0 && nodes > _lastAsked);
        }
    }

    /// <summary>A round of questions, and what follows from it.</summary>
    private async Task AskAsync(IReadOnlyList<UdpEndpoint> nodes, CancellationToken cancellationToken)
    {
        var changes = _changes;
        var (tcp, udp) = (new Ballot(_wasNo), new Ballot(_wasNo));
        await VoteAsync(nodes, tcp, udp, cancellationToken);
        lock (_gate)
        {
            if (changes != _changes)
            {
                return; // it is about a network that we have left
            }

            State = State with { Tcp = tcp.Verdict ?? State.Tcp, Udp = udp.Verdict ?? State.Udp };
            (_wasNo, _lastAsked) = (!tcp.IsEmpty && State.Tcp != true, nodes.Count);
            Schedule();
        }

        Tell();
    }

    /// <summary>Asks one node after the other, until what they say is enough or no more may be asked.</summary>
    private async Task VoteAsync(IReadOnlyList<UdpEndpoint> nodes, Ballot tcp, Ballot udp, CancellationToken cancellationToken)
    {
        var (tcpPort, udpPort) = (State.TcpPort(_port), State.UdpPort(_port));
        foreach (var node in nodes.Take(MaxAsked))
        {
            if ((tcp.IsEnough && udp.IsEnough) || !MayAsk())
            {
                return;
            }

            if (await _hands.Ask(node, tcpPort, udpPort, cancellationToken) is { } answer)
            {
                tcp.Add(answer.Tcp);
                udp.Add(answer.Udp);
            }
        }

        tcp.Close();
        udp.Close();
    }

    /// <summary>When others are asked again: rarely once it is reached, and until then after pauses that double.</summary>
    private void Schedule()
    {
        var isReached = State.Tcp == true;
        var wait = isReached ? _options.ReachInterval : _pause;
        _pause = isReached ? _options.ReachRetry : _pause * 2 < _options.ReachInterval ? _pause * 2 : _options.ReachInterval;
        _due = Now + (wait * (0.8 + (0.4 * _random.NextDouble())));
    }

    private bool MayAsk()
    {
        while (_asked.TryPeek(out var oldest) && _time.GetElapsedTime(oldest) >= Hour)
        {
            _asked.Dequeue();
        }

        if (_asked.Count >= _options.MaxReachQuestionsPerHour)
        {
            return false;
        }

        _asked.Enqueue(_time.GetTimestamp());
        return true;
    }

    private void Forget(TimeSpan wait)
    {
        _changes++;
        (_wasNo, _lastAsked) = (false, 0);
        _pause = _options.ReachRetry;
        _due = Now + (wait * (1 + _random.NextDouble()));
        State = new FamilyReach(null, null, IsMapped(_mapping) || HasPublicAddress(), _mapping);
    }

    private static bool IsMapped(PortMapping? mapping) =>
        mapping is { Tcp.Address: var tcp, Udp.Address: var udp }
        && tcp.Scope() == AddressScope.Public && udp.Scope() == AddressScope.Public;

    private bool HasPublicAddress() =>
        _addresses.Current.Any(address => address.AddressFamily == _family && address.Scope() == AddressScope.Public);

    private void Tell()
    {
        _hands.Changed(this);
        var line = State.Tcp is { } reached ? $"{reached} {State.Udp} {State.TcpPort(_port)} {State.UdpPort(_port)} {Hint}" : "";
        if (line.Length == 0 || line == _said)
        {
            return;
        }

        _said = line;
        var family = ReachProblem.NameOf(_family);
        if (State.Tcp == true)
        {
            LogReached(family, State.TcpPort(_port), State.UdpPort(_port), State.Udp == false ? "; not by UDP" : "");
        }
        else
        {
            LogNotReached(family, Hint!);
        }
    }

    [LoggerMessage(2040, LogLevel.Information, "Others reach this node over {Family}: TCP {Tcp}, UDP {Udp}{But}")]
    private partial void LogReached(string family, ushort tcp, ushort udp, string but);

    [LoggerMessage(
        2041, LogLevel.Warning,
        "Others do not reach this node over {Family}: {Hint}. Until then it fetches from them and serves its own network only")]
    private partial void LogNotReached(string family, string hint);
}

/// <summary>What a <see cref="ReachWatch"/> works with.</summary>
/// <param name="Elsewhere">Nodes to ask, one of each network, in any order.</param>
/// <param name="Ask">Asks one of them whether it reaches these ports, TCP and UDP.</param>
/// <param name="OwnAddress">This machine's own address, as the router knows it.</param>
/// <param name="Changed">Told when something may have changed.</param>
internal sealed record ReachHands(
    Func<AddressFamily, IReadOnlyList<UdpEndpoint>> Elsewhere,
    Func<UdpEndpoint, ushort, ushort, CancellationToken, Task<ReachAnswer?>> Ask,
    Func<AddressFamily, IPAddress?> OwnAddress,
    Action<ReachWatch> Changed)
{
    /// <summary>
    /// Whether others could ask an earlier run, a short time ago. If all nodes restart at once and none answers until others have shown
    /// that they reach it, nobody finds anything until then.
    /// </summary>
    public Func<AddressFamily, bool> WasReached { get; init; } = static _ => false;
}
