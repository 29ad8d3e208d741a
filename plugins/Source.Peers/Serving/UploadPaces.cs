using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Serving;

/// <summary>The pace for the local network, and the one for everybody else, which may depend on the time of day.</summary>
internal sealed class UploadPaces : IDisposable
{
    private readonly IMachineAddresses _machine;
    private readonly FairPace _local;
    private readonly FairPace _others;

    public UploadPaces(IOptions<PeersOptions> options, PeerParties parties, IMachineAddresses machine, TimeProvider time)
    {
        _machine = machine;
        var limits = options.Value;
        _local = new FairPace(() => limits.LocalUploadLimit.Bytes, limits.UploadLimitPerPeer.Bytes, parties, time);
        _others = new FairPace(
            () => LimitAt(limits, TimeOnly.FromDateTime(time.GetLocalNow().DateTime)).Bytes, limits.UploadLimitPerPeer.Bytes, parties,
            time);
    }

    public FairPace For(IPAddress requester) => _machine.IsNear(requester) ? _local : _others;

    public void Dispose()
    {
        _local.Dispose();
        _others.Dispose();
    }

    private static ByteSize LimitAt(PeersOptions limits, TimeOnly now) =>
        Array.Find(limits.UploadSchedule, hours => hours.Contains(now)) is { } hours ? hours.Limit : limits.UploadLimit;
}
