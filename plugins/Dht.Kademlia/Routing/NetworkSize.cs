using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// How many nodes there are, from how close to a random target the closest ones are: the i-th nearest of n is expected at i / (n + 1) of
/// the key space. Says in turn how close a node must be to be probably among the k nearest, which lets announcements be stored before a
/// look-up ends. The median of recent look-ups, so that nodes crowded around one key do not change it.
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
    /// Nodes, ourselves included. Look-ups are the better measure, but may be old; a neighbourhood that is much denser than they say tells
    /// that the network has grown since.
    /// </summary>
    public double Estimate => Math.Max(_lookups, _neighbourhood * NeighbourhoodTrust);

    /// <summary>Whether enough was measured to rely on it.</summary>
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
    /// As far as a key can be from us that honest nodes bring us, when so many nodes may be nearer to it. By the smaller of both measures,
    /// since who crowds around us, or around what we look up, makes one of them larger, and must not have us refuse what is ours to keep.
    /// </summary>
    public double PlausibleDistance(double rank) =>
        _count >= Enough && _neighbourhood > 0 ? rank / (Math.Min(_lookups, _neighbourhood) + 1) : 1;

    /// <summary>
    /// How far a look-up goes in any case: by chance, k nodes are nearer than half the k-th's expected distance once in twenty times.
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
