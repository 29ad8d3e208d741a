using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// Gives places to the answers that run: so many for an address, so many for all. When all are taken, a newcomer gets the place of whoever
/// has most of them, so that a few who read slowly cannot keep everybody else out.
/// </summary>
internal sealed class UploadGate(IOptions<PeersOptions> options, PeerParties parties, UploadMetrics metrics)
{
    private readonly Lock _lock = new();
    private readonly List<Place> _places = []; // the oldest first
    private readonly Dictionary<IPAddress, int> _byOwner = [];
    private readonly Dictionary<IPAddress, int> _byNetwork = [];

    /// <summary>A place, or <see langword="null"/> when there is none for this requester. Disposing gives it back.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="end">Ends the answer, when somebody with fewer places needs this one.</param>
    public IDisposable? TryEnter(IPAddress requester, Action end)
    {
        var place = new Place(this, parties.Of(requester), PeerAddress.Network(requester), end);
        Place? displaced = null;
        lock (_lock)
        {
            if (_byOwner.GetValueOrDefault(place.Owner) >= options.Value.UploadsPerAddress)
            {
                return null;
            }

            if (_places.Count >= options.Value.Uploads)
            {
                displaced = FindFor(place);
                if (displaced is null)
                {
                    return null;
                }

                Remove(displaced);
            }

            _places.Add(place);
            _byOwner[place.Owner] = _byOwner.GetValueOrDefault(place.Owner) + 1;
            _byNetwork[place.Network] = _byNetwork.GetValueOrDefault(place.Network) + 1;
        }

        metrics.UploadBegins();
        displaced?.End();
        return place;
    }

    /// <summary>
    /// The oldest place of whoever has most, if the newcomer has fewer even with it: networks are compared, and within one its addresses.
    /// </summary>
    private Place? FindFor(Place newcomer)
    {
        var most = _places.MaxBy(place => (_byNetwork[place.Network], _byOwner[place.Owner]))!;
        var own = _places.Where(place => place.Network.Equals(newcomer.Network)).MaxBy(place => _byOwner[place.Owner]);
        return _byNetwork[most.Network] > _byNetwork.GetValueOrDefault(newcomer.Network) + 1 ? most
            : own is not null && _byOwner[own.Owner] > _byOwner.GetValueOrDefault(newcomer.Owner) + 1 ? own
            : null;
    }

    private void Leave(Place place)
    {
        metrics.UploadEnds();
        lock (_lock)
        {
            Remove(place);
        }
    }

    private void Remove(Place place)
    {
        if (_places.Remove(place)) // else it was displaced
        {
            Decrement(_byOwner, place.Owner);
            Decrement(_byNetwork, place.Network);
        }
    }

    private static void Decrement(Dictionary<IPAddress, int> counts, IPAddress key)
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }

    private sealed class Place(UploadGate gate, IPAddress owner, IPAddress network, Action end) : IDisposable
    {
        public IPAddress Owner => owner;

        public IPAddress Network => network;

        public void End() => end();

        public void Dispose() => gate.Leave(this);
    }
}
