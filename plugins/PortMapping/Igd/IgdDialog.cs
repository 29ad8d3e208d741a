using System.Globalization;
using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Igd;

/// <summary>A connection of a router that speaks UPnP (WANIPConnection:1 and :2, WANPPPConnection:1).</summary>
internal sealed class IgdDialog(
    Gateway gateway, WanService service, IRouterNetwork network, TimeProvider time, Random random, TimeSpan patience) : IRouterDialog
{
    private const int MaxPorts = 4; // tried, where others have them
    private const int FirstOther = 20_000; // where other ports are looked for: below those that a router gives to connections
    private const int LastOther = 32_767;

    private const int InvalidAction = 401;
    private const int InvalidArguments = 402;
    private const int Failed = 501;
    private const int NotImplemented = 602;
    private const int NoSuchEntry = 714;
    private const int Conflict = 718;
    private const int PermanentOnly = 725;
    private const int OtherConflict = 729; // with what is not UPnP

    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(1); // the daemon ends

    private static readonly Dictionary<int, string> Words = new()
    {
        [InvalidArguments] = "it finds an argument wrong",
        [403] = "not authorized",
        [Failed] = "it failed",
        [606] = "not authorized",
        [Conflict] = "the port is taken",
        [724] = "the port outside must be the same, and is taken",
        [728] = "it has no port for this machine",
        [OtherConflict] = "the port is taken",
        [732] = "the wildcard for ports is not allowed",
    };

    private readonly HashSet<(Transport Transport, int External)> _asked = []; // what may be ours

    public string Protocol => "UPnP";

    /// <summary>The router's address outside.</summary>
    /// <returns><see langword="null"/> if it says none: then it is not connected, whatever else it says.</returns>
    public async Task<IPAddress?> AddressAsync(CancellationToken cancellationToken) =>
        await CallAsync("GetExternalIPAddress", [], cancellationToken) is { Error: 0 } answer
        && IPAddress.TryParse(answer["NewExternalIPAddress"], out var address)
            ? address
            : null;

    public async Task<MapAnswer> MapAsync(MapRequest request, CancellationToken cancellationToken)
    {
        if (await CallAsync("GetExternalIPAddress", [], cancellationToken) is not { } said)
        {
            return new MapAnswer.Silent();
        }

        if (!IPAddress.TryParse(said["NewExternalIPAddress"], out var address))
        {
            return new MapAnswer.Refused("it has no address outside");
        }

        if (!gateway.IsWayIn(address))
        {
            return new MapAnswer.Behind(address);
        }

        if (service.ChoosesPorts && await MapAnyAsync(request, address, cancellationToken) is { } any)
        {
            return any;
        }

        var external = request.External.Port;
        for (var tries = 0; tries < MaxPorts; tries++, external = random.Next(FirstOther, LastOther + 1))
        {
            if (await IsOfOthersAsync(request.Transport, external, cancellationToken))
            {
                continue; // some routers would take it away from them
            }

            switch (await AddAsync(request, external, cancellationToken))
            {
                case null:
                    return new MapAnswer.Silent();
                case { Error: 0 }:
                    return new MapAnswer.Granted(new IPEndPoint(address, external), request.Lifetime);
                case { Error: not (Conflict or OtherConflict) } refused:
                    return Refused(refused);
                default:
                    break; // another port may be free
            }
        }

        return new MapAnswer.Refused($"{Conflict}, {Words[Conflict]}");
    }

    /// <summary>Takes back what was asked for, unless it has become another's, as far as the router says so soon.</summary>
    public async Task ReleaseAsync(Transport transport, int port, IPEndPoint external, CancellationToken cancellationToken)
    {
        if (!_asked.Contains((transport, external.Port)))
        {
            return;
        }

        using var soon = new CancellationTokenSource(LookTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, cancellationToken);
        var isOfOthers = false;
        try
        {
            isOfOthers = await IsOfOthersAsync(transport, external.Port, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // a slow router: it has no time left for more than the request itself
        }

        if (!isOfOthers)
        {
            await CallAsync("DeletePortMapping", Entry(transport, external.Port), cancellationToken);
        }
    }

    public async Task<Standing> CheckAsync(IReadOnlyDictionary<Transport, IPEndPoint> held, CancellationToken cancellationToken)
    {
        if (await CallAsync("GetExternalIPAddress", [], cancellationToken) is not { } said)
        {
            return Standing.Silent;
        }

        foreach (var (transport, external) in held)
        {
            var entry = await CallAsync("GetSpecificPortMappingEntry", Entry(transport, external.Port), cancellationToken);
            if (said["NewExternalIPAddress"] != external.Address.ToString()
                || entry is { Error: NoSuchEntry }
                || (entry is { Error: 0 } && entry["NewInternalClient"] != gateway.Own.ToString()))
            {
                return Standing.Lost;
            }
        }

        return Standing.Stands;
    }

    /// <summary>IGD 2: the router gives another port where this one is taken.</summary>
    /// <returns><see langword="null"/> if it does not know the call well enough.</returns>
    private async Task<MapAnswer?> MapAnyAsync(MapRequest request, IPAddress address, CancellationToken cancellationToken)
    {
        _asked.Add((request.Transport, request.External.Port));
        var answer = await CallAsync(
            "AddAnyPortMapping", Mapping(request, request.External.Port, request.Lifetime), cancellationToken);
        switch (answer)
        {
            case null:
                return new MapAnswer.Silent();
            case { Error: InvalidAction or InvalidArguments or Failed or NotImplemented or PermanentOnly }:
                return null;
            case { Error: not 0 }:
                return Refused(answer);
            default:
                if (!ushort.TryParse(answer["NewReservedPort"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
                {
                    return new MapAnswer.Refused("it gives port 0");
                }

                _asked.Add((request.Transport, port));
                return new MapAnswer.Granted(new IPEndPoint(address, port), request.Lifetime);
        }
    }

    private async Task<SoapAnswer?> AddAsync(MapRequest request, int external, CancellationToken cancellationToken)
    {
        _asked.Add((request.Transport, external));
        var answer = await CallAsync("AddPortMapping", Mapping(request, external, request.Lifetime), cancellationToken);
        return answer is { Error: PermanentOnly } // an old router: the mapping is taken away at the stop, or replaced by the next start
            ? await CallAsync("AddPortMapping", Mapping(request, external, TimeSpan.Zero), cancellationToken)
            : answer;
    }

    private async Task<bool> IsOfOthersAsync(Transport transport, int external, CancellationToken cancellationToken) =>
        await CallAsync("GetSpecificPortMappingEntry", Entry(transport, external), cancellationToken) is { Error: 0 } entry
        && entry["NewInternalClient"] is { Length: > 0 } client
        && client != gateway.Own.ToString();

    private async Task<SoapAnswer?> CallAsync(
        string action, IEnumerable<(string Name, string Value)> arguments, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var call = SoapAnswer.Write(service.Type, action, arguments);
            var page = await network.FetchAsync(gateway, service.Control, call, SoapAnswer.MaxLength, either.Token);
            return page is null ? null : SoapAnswer.Read(page, action);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static MapAnswer.Refused Refused(SoapAnswer answer) =>
        new(Words.GetValueOrDefault(answer.Error) is { } words ? $"{answer.Error}, {words}" : $"error {answer.Error}");

    private static (string Name, string Value)[] Entry(Transport transport, int external) =>
    [
        ("NewRemoteHost", ""),
        ("NewExternalPort", Text(external)),
        ("NewProtocol", transport == Transport.Tcp ? "TCP" : "UDP"),
    ];

    private (string Name, string Value)[] Mapping(MapRequest request, int external, TimeSpan lifetime) =>
    [
        .. Entry(request.Transport, external),
        ("NewInternalPort", Text(request.Port)),
        ("NewInternalClient", gateway.Own.ToString()),
        ("NewEnabled", "1"),
        ("NewPortMappingDescription", "apt-p2p"),
        ("NewLeaseDuration", Text((int)lifetime.TotalSeconds)),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
