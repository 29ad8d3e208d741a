using System.Net;
using AptP2P.Source.Peers.Addresses;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Serving;

/// <summary>The pace for the local network, and the one for everybody else.</summary>
internal sealed class UploadPaces(IOptions<PeersOptions> options, TimeProvider time) : IDisposable
{
    private readonly FairPace _local = new(options.Value.LocalUploadLimit.Bytes, options.Value.UploadLimitPerPeer.Bytes, time);
    private readonly FairPace _others = new(options.Value.UploadLimit.Bytes, options.Value.UploadLimitPerPeer.Bytes, time);

    public FairPace For(IPAddress requester) => PeerAddress.IsLocal(PeerAddress.Plain(requester)) ? _local : _others;

    public void Dispose()
    {
        _local.Dispose();
        _others.Dispose();
    }
}
