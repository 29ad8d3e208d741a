using System.Net;
using AptP2P.Source.Peers.Addresses;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Serving;

/// <summary>Counts the answers that run, all and for each address, and lets no more begin than allowed.</summary>
internal sealed class UploadGate(IOptions<PeersOptions> options, PeersMetrics metrics)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _running = [];
    private int _total;

    /// <summary>A place, or <see langword="null"/> when all are taken. Disposing gives it back.</summary>
    public IDisposable? TryEnter(IPAddress requester)
    {
        var owner = PeerAddress.Owner(requester);
        lock (_lock)
        {
            var own = _running.GetValueOrDefault(owner);
            if (_total >= options.Value.Uploads || own >= options.Value.UploadsPerAddress)
            {
                return null;
            }

            (_total, _running[owner]) = (_total + 1, own + 1);
        }

        metrics.UploadBegins();
        return new Place(this, owner);
    }

    private void Leave(IPAddress owner)
    {
        metrics.UploadEnds();
        lock (_lock)
        {
            _total--;
            if (--_running[owner] == 0)
            {
                _running.Remove(owner);
            }
        }
    }

    private sealed class Place(UploadGate gate, IPAddress owner) : IDisposable
    {
        public void Dispose() => gate.Leave(owner);
    }
}
