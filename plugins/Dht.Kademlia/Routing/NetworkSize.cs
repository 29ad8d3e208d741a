using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// Estimates how many nodes there are, from the distances of the nearest nodes to a target: of n nodes, the i-th nearest is expected at a
/// distance of i / (n + 1) of the key space. The estimate in turn says how near a node is that is probably among the k nearest, so that
/// announcements can be stored before a look-up ends. It is the median of recent look-ups, so that nodes crowded around one key do not
/// change it.
/// </summary>
internal sealed class NetworkSize
{
    private const int Samples = 15;
    private const int Enough = 4;
    private const double NeighbourhoodTrust = 0.7; // eight distances have a spread of a third

    private readonly double[] _samples = new double[Samples];
    private int _next;
    private int _count;

    private double _lookups = 1;
    private double _neighbourhood;

    /// <summary>
    /// How many nodes there are, with ourselves. Look-ups measure it better, but may be old: if the neighbourhood is much denser than they
    /// say, the network has grown since.
    /// </summary>
    public double Estimate => Math.Max(_lookups, _neighbourhood * NeighbourhoodTrust);

    /// <summary>Whether enough was measured to rely on the estimate.</summary>
    public bool IsKnown => _count >= Enough || _neighbourhood > 0;

    /// <summary>Takes the distances of the nearest nodes to a target, nearest first, after a complete look-up.</summary>
    public void Add(ReadOnlySpan<NodeId> distances)
    {
        if (distances.IsEmpty)
        {
            return;
        }

        _samples[_next] = Measure(distances);
        _next = (_next + 1) % Samples;
        _count = Math.Min(_count + 1, Samples);
        Span<double> sorted = stackalloc double[_count];
        _samples.AsSpan(0, _count).CopyTo(sorted);
        sorted.Sort();
        _lookups = (sorted[_count / 2] + sorted[(_count - 1) / 2]) / 2;
    }

    /// <summary>Takes the distances of the nearest nodes to our own id, nearest first.</summary>
    public void SetNeighbourhood(ReadOnlySpan<NodeId> distances) => _neighbourhood = Measure(distances);

    /// <summary>Where the <paramref name="rank"/>-th nearest node to any target is expected, as a share of the key space.</summary>
    public double ExpectedDistance(double rank) => rank / (Estimate + 1);

    /// <summary>
    /// How far from us a key can be if no more than <paramref name="rank"/> nodes are nearer to it, as a share of the key space. The
    /// smaller of the two measures counts: somebody who puts nodes around us, or around what we look up, makes one of them larger, and must
    /// not make us refuse what we should keep.
    /// </summary>
    public double PlausibleDistance(double rank) =>
        _count >= Enough && _neighbourhood > 0 ? rank / (Math.Min(_lookups, _neighbourhood) + 1) : 1;

    /// <summary>
    /// How far a look-up goes in any case, as a share of the key space: half the distance at which the k-th nearest node is expected. By
    /// chance, k nodes are nearer than that once in twenty times.
    /// </summary>
    public double Reach(KademliaOptions options) => IsKnown ? ExpectedDistance(options.BucketSize / 2.0) : 0;

    // Least squares through the origin.
    private static double Measure(ReadOnlySpan<NodeId> distances)
    {
        double numerator = 0, denominator = 0;
        for (var i = 0; i < distances.Length; i++)
        {
            numerator += (i + 1.0) * (i + 1.0);
            denominator += (i + 1.0) * distances[i].Fraction;
        }

        return Math.Max(distances.Length, (numerator / Math.Max(denominator, double.Epsilon)) - 1);
    }
}
