using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Keeping;

/// <summary>
/// The node's port at one router, by one protocol: TCP and UDP. It knows what the router may have given, so that nothing is left behind.
/// </summary>
internal sealed class Claim(Gateway gateway, IRouterDialog dialog, KeeperSetup setup)
{
    /// <summary>More is not believed, so that a lie of years does not keep us from looking again.</summary>
    private static readonly TimeSpan MaxLease = TimeSpan.FromDays(1);

    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(2); // a plugin has 5 s to stop; a lease ends by itself

    private readonly Dictionary<Transport, IPEndPoint> _held = [];
    private readonly Dictionary<Transport, IPEndPoint> _asked = []; // what the router may have given, though its answer has not come

    public string Protocol => dialog.Protocol;

    public IPEndPoint? Tcp => _held.GetValueOrDefault(Transport.Tcp);

    public IPEndPoint? Udp => _held.GetValueOrDefault(Transport.Udp);

    public bool IsWhole => _held.Count == 2;

    public bool IsEmpty => _held.Count == 0;

    /// <summary>The shorter of both.</summary>
    public TimeSpan Lease { get; private set; } = MaxLease;

    /// <summary>Why one is missing, in words that can stand behind the protocol's name.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The router's own address, where that leads nobody here.</summary>
    public IPAddress? Behind { get; private set; }

    /// <summary>Whether the router left a request unanswered.</summary>
    public bool WasSilent { get; private set; }

    /// <summary>Maps both, or has both live longer. The numbers are the same, if the router lets them be.</summary>
    public async Task MapAsync(CancellationToken cancellationToken)
    {
        (Lease, Refusal, Behind, WasSilent) = (MaxLease, null, null, false);
        await MapAsync(Transport.Tcp, Wish(Tcp, null), cancellationToken);
        if (Behind is null && !WasSilent)
        {
            await MapAsync(Transport.Udp, Wish(Udp, Tcp), cancellationToken);
        }

        if (Tcp is { } tcp && Udp is { } udp && tcp.Port != udp.Port)
        {
            await AlignAsync(tcp, udp, cancellationToken);
        }
    }

    public Task<Standing> CheckAsync(CancellationToken cancellationToken) => dialog.CheckAsync(_held, cancellationToken);

    /// <summary>Takes away what the router has given, or may have, as far as it answers soon.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ReleaseTime, setup.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.WhenAll(ReleaseAsync(Transport.Tcp, either.Token), ReleaseAsync(Transport.Udp, either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // it has been asked once at least
        }
    }

    private async Task ReleaseAsync(Transport transport, CancellationToken cancellationToken)
    {
        if ((_held.GetValueOrDefault(transport) ?? _asked.GetValueOrDefault(transport)) is { } external)
        {
            Forget(transport);
            await dialog.ReleaseAsync(transport, setup.Port, external, cancellationToken);
        }
    }

    private IPEndPoint Wish(IPEndPoint? held, IPEndPoint? other)
    {
        var none = gateway.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        var wished = gateway.Family == AddressFamily.InterNetworkV6 || setup.Options.ExternalPort == 0
            ? setup.Port
            : setup.Options.ExternalPort;
        return held ?? new IPEndPoint(none, other?.Port ?? wished);
    }

    private async Task MapAsync(Transport transport, IPEndPoint wish, CancellationToken cancellationToken)
    {
        _asked[transport] = wish;
        switch (await dialog.MapAsync(new MapRequest(transport, setup.Port, wish, setup.Options.Lease), cancellationToken))
        {
            case MapAnswer.Granted granted when gateway.IsWayIn(granted.External.Address):
                _held[transport] = granted.External;
                _asked.Remove(transport);
                Lease = granted.Lifetime < Lease ? granted.Lifetime : Lease;
                break;
            case MapAnswer.Granted granted: // it goes with the rest
                (Behind, _asked[transport]) = (granted.External.Address, granted.External);
                _held.Remove(transport);
                break;
            case MapAnswer.Behind behind:
                Behind = behind.Address;
                Forget(transport);
                break;
            case MapAnswer.Refused refused:
                Refusal ??= refused.Words;
                Forget(transport);
                break;
            default:
                WasSilent = true;
                break;
        }
    }

    private void Forget(Transport transport)
    {
        _asked.Remove(transport);
        _held.Remove(transport);
    }

    /// <summary>TCP is asked for once more, with UDP's number; if that is not to be had, it is as it was.</summary>
    private async Task AlignAsync(IPEndPoint tcp, IPEndPoint udp, CancellationToken cancellationToken)
    {
        await ReleaseAsync(Transport.Tcp, cancellationToken);
        await MapAsync(Transport.Tcp, new IPEndPoint(tcp.Address, udp.Port), cancellationToken);
    }
}
