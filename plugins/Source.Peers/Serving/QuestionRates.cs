using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// How many hashes each address may ask about. A question costs its sender little, and this node a look at its disk for each hash; and
/// whoever asks about all packages there are learns which this machine has.
/// </summary>
internal sealed class QuestionRates(IOptions<PeersOptions> options, PeerParties parties, TimeProvider time)
{
    private const int Burst = 10; // seconds' worth at once: what an upgrade asks about when it begins
    private const int MaxAddresses = 4096; // remembered; against those who have many

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, TokenBucket> _buckets = [];

    /// <summary>Whether a question may be answered; then it counts.</summary>
    public bool TryTake(IPAddress requester, int hashes)
    {
        var owner = parties.Of(requester);
        lock (_lock)
        {
            if (!_buckets.TryGetValue(owner, out var bucket))
            {
                MakeRoom();
                _buckets[owner] = bucket = new TokenBucket(() => options.Value.HashesPerAddress, time, Burst);
            }

            if (!bucket.IsOpen)
            {
                return false;
            }

            bucket.Take(Math.Max(1, hashes));
            return true;
        }
    }

    /// <summary>Forgets the one that owes least: who asked long ago is as if it had never asked.</summary>
    private void MakeRoom()
    {
        if (_buckets.Count >= MaxAddresses)
        {
            _buckets.Remove(_buckets.MaxBy(entry => entry.Value.Credit).Key);
        }
    }
}
