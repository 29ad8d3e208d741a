using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AptP2P.Ports.Gateways;
using AptP2P.Testing;

namespace AptP2P.Ports.Tests.Routers;

/// <summary>
/// A router that does what a test says, on virtual time. All its protocols share one table, as in most routers; what is wrong with it is
/// said by its properties.
/// </summary>
internal sealed partial class PlannedRouter(VirtualTime time) : IRouterNetwork
{
    private readonly Dictionary<(Transport Transport, int External), (IPAddress Client, int Port)> _table = [];
    private TimeSpan _started = TimeSpan.FromSeconds(-1000);

    public IPAddress External { get; set; } = IPAddress.Parse("1.2.11.2");

    /// <summary>The protocols that it speaks: PCP, NAT-PMP, UPnP (IGD 1), UPnP 2 (IGD 2).</summary>
    public HashSet<string> Speaks { get; } = ["PCP", "NAT-PMP", "UPnP"];

    public bool SpeaksUpnp => Speaks.Contains("UPnP") || Speaks.Contains("UPnP 2");

    /// <summary>Those by which it refuses to map.</summary>
    public HashSet<string> Refuses { get; } = [];

    /// <summary>Whether it has a port unreachable sent for what it does not speak, as a router without such a program does.</summary>
    public bool SaysNobodyIsThere { get; set; }

    /// <summary>What it gives in place of the lifetime that is asked for.</summary>
    public uint? Lifetime { get; set; }

    /// <summary>What it gives in place of a port.</summary>
    public int? GivesPort { get; set; }

    /// <summary>Whether it maps UDP.</summary>
    public bool MapsUdp { get; set; } = true;

    /// <summary>Whether it answers 725 to a lease that ends.</summary>
    public bool PermanentOnly { get; set; }

    /// <summary>What it was asked for last.</summary>
    public uint LastLifetime { get; private set; }

    /// <summary>Whether it lets PCP end a mapping.</summary>
    public bool LetsEnd { get; set; } = true;

    /// <summary>How many datagrams to it get lost next.</summary>
    public int Losses { get; set; }

    /// <summary>Datagrams that come before each answer.</summary>
    public List<byte[]> Strays { get; } = [];

    /// <summary>Requests that changed something or were to, with the time.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Datagrams that came.</summary>
    public int Heard { get; private set; }

    public IEnumerable<string> Table => _table
        .Select(entry => $"{entry.Key.Transport} {entry.Key.External} -> {entry.Value.Client}:{entry.Value.Port}")
        .Order();

    public void Take(Transport transport, int external, string client) => _table[(transport, external)] = (IPAddress.Parse(client), 1);

    /// <summary>All leases have ended.</summary>
    public void Forget() => _table.Clear();

    /// <summary>It starts anew, with no mapping.</summary>
    public void Restart()
    {
        Forget();
        _started = time.Elapsed;
    }

    public IRouterSocket? Open(Gateway gateway, int port) => new PlannedSocket(datagram => Answer(gateway, datagram), SaysNobodyIsThere);

    public IRouterSocket? OpenSearch(Gateway gateway) => new PlannedSocket(
        _ => SpeaksUpnp
            ? [.. Strays, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: http://{gateway.Address}:5000/root.xml\r\n\r\n")]
            : [],
        false);

    public Task<RouterPage?> FetchAsync(
        Gateway gateway, Uri target, RouterCall? call, int maxLength, CancellationToken cancellationToken) =>
        Task.FromResult(Serve(gateway, call));

    /// <summary>Its description, or the answer to a call.</summary>
    public RouterPage? Serve(Gateway gateway, RouterCall? call)
    {
        var version = Speaks.Contains("UPnP 2") ? 2 : 1;
        return !SpeaksUpnp ? null
            : call is null ? new RouterPage(200, Encoding.UTF8.GetBytes(Pages.Description(version)))
            : Call(gateway, call, version);
    }

    private uint Epoch => (uint)(time.Elapsed - _started).TotalSeconds;

    /// <summary>What it answers to a datagram by PCP or NAT-PMP.</summary>
    public IEnumerable<byte[]> Answer(Gateway gateway, byte[] datagram)
    {
        Heard++;
        if (Losses > 0)
        {
            Losses--;
            return [];
        }

        return datagram[0] == 2
            ? Speaks.Contains("PCP") ? [.. Strays, AnswerPcp(gateway, datagram)] : []
            : Speaks.Contains("NAT-PMP") ? [.. Strays, AnswerNatPmp(gateway, datagram)] : [];
    }

    private byte[] AnswerPcp(Gateway gateway, byte[] datagram)
    {
        var answer = datagram.ToArray();
        answer[1] |= 0x80;
        answer.AsSpan(2, 22).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), Epoch);
        if (answer[1] == 0x80)
        {
            return answer;
        }

        var (transport, port) = ((Transport)datagram[36], BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(40)));
        var lifetime = BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(4));
        if (Map("PCP", gateway, transport, port, BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(42)), lifetime) is not { } external)
        {
            answer[3] = 2;
            return answer;
        }

        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), lifetime == 0 ? 0 : Lifetime ?? lifetime);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(42), (ushort)external);
        (gateway.Address.GetAddressBytes().Length == 4 ? External.MapToIPv6() : gateway.Own).TryWriteBytes(answer.AsSpan(44), out _);
        return answer;
    }

    private byte[] AnswerNatPmp(Gateway gateway, byte[] datagram)
    {
        var answer = new byte[datagram[1] == 0 ? 12 : 16];
        answer[1] = (byte)(datagram[1] | 0x80);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), Epoch);
        if (datagram[1] == 0)
        {
            External.TryWriteBytes(answer.AsSpan(8), out _);
            return answer;
        }

        datagram.AsSpan(4, 8).CopyTo(answer.AsSpan(8));
        var port = BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(4));
        var wish = BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(6));
        var lifetime = BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(8));
        if (Map("NAT-PMP", gateway, datagram[1] == 1 ? Transport.Udp : Transport.Tcp, port, wish, lifetime) is not { } external)
        {
            answer[3] = 2;
            return answer;
        }

        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(10), (ushort)external);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), lifetime == 0 ? 0 : Lifetime ?? lifetime);
        return answer;
    }

    private RouterPage Call(Gateway gateway, RouterCall call, int version)
    {
        var action = call.Action.Split('#')[1];
        var arguments = Argument().Matches(call.Body).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var transport = arguments.GetValueOrDefault("NewProtocol") == "UDP" ? Transport.Udp : Transport.Tcp;
        var external = int.Parse(arguments.GetValueOrDefault("NewExternalPort", "0"));
        var lease = uint.Parse(arguments.GetValueOrDefault("NewLeaseDuration", "0"));
        var isTaken = _table.TryGetValue((transport, external), out var by);
        switch (action)
        {
            case "GetExternalIPAddress":
                var said = External.Equals(IPAddress.None) ? "" : $"{External}";
                return Pages.Answer(action, $"<NewExternalIPAddress>{said}</NewExternalIPAddress>");
            case "GetSpecificPortMappingEntry":
                return isTaken ? Pages.Answer(action, $"<NewInternalClient>{by.Client}</NewInternalClient>") : Pages.Error(714);
            case "DeletePortMapping":
                Changes.Add($"{time.Elapsed} UPnP {transport} {external} -> nothing");
                _table.Remove((transport, external));
                return Pages.Answer(action, "");
            case "AddPortMapping" when PermanentOnly && lease > 0:
                return Pages.Error(725);
            case "AddPortMapping" when isTaken && !by.Client.Equals(gateway.Own):
                return Pages.Error(718);
            case "AddPortMapping":
            case "AddAnyPortMapping" when version == 2:
                var port = int.Parse(arguments["NewInternalPort"]);
                var given = Map("UPnP", gateway, transport, port, external, lease, isForEver: lease == 0);
                return given is null ? Pages.Error(606) : Pages.Answer(action, $"<NewReservedPort>{given}</NewReservedPort>");
            default:
                return Pages.Error(401);
        }
    }

    private int? Map(
        string protocol, Gateway gateway, Transport transport, int port, int wish, uint lifetime, bool isForEver = false)
    {
        var own = _table
            .Where(entry => entry.Key.Transport == transport && entry.Value == (gateway.Own, port))
            .Select(entry => entry.Key.External).FirstOrDefault();
        if (lifetime == 0 && protocol == "PCP" && !LetsEnd)
        {
            return null;
        }

        Changes.Add($"{time.Elapsed} {protocol} {transport} {(lifetime == 0 && !isForEver ? $"{own} -> nothing" : wish)}");
        if (lifetime == 0 && !isForEver)
        {
            _table.Remove((transport, own));
            return own;
        }

        if (Refuses.Contains(protocol) || (transport == Transport.Udp && !MapsUdp))
        {
            return null;
        }

        var external = own != 0 ? own : wish;
        while (_table.TryGetValue((transport, external), out var by) && !by.Client.Equals(gateway.Own))
        {
            external++;
        }

        _table[(transport, external)] = (gateway.Own, port);
        LastLifetime = lifetime;
        return GivesPort ?? external;
    }

    [GeneratedRegex("<(New[A-Za-z]+)>([^<]*)</")]
    private static partial Regex Argument();

    private sealed class PlannedSocket(Func<byte[], IEnumerable<byte[]>> answer, bool saysNobodyIsThere) : IRouterSocket
    {
        private readonly Queue<byte[]> _answers = new();

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
        {
            foreach (var one in answer(datagram.ToArray()))
            {
                _answers.Enqueue(one);
            }

            return new(true);
        }

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_answers.TryDequeue(out var datagram))
            {
                datagram.CopyTo(buffer);
                return datagram.Length;
            }

            if (!saysNobodyIsThere)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return -1;
        }

        public void Dispose()
        {
        }
    }
}
