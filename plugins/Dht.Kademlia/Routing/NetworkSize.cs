namespace AptP2P.Dht.Kademlia;

/// <summary>
/// How many nodes there are, from how close to a random target the closest ones are: the i-th nearest of n is expected at i / (n + 1) of the key
/// space. Says in turn how close a node must be to be probably among the k nearest, which lets announcements be stored before a look-up ends.
/// </summary>
internal sealed class NetworkSize
{
    private const double Weight = 0.1; // of a new measurement, once there are some
    private int _samples;

    /// <summary>Nodes, ourselves included.</summary>
    public double Estimate { get; private set; } = 1;

    /// <summary>Whether enough was measured to rely on it.</summary>
    public bool IsKnown => _samples >= 4;

    /// <summary>Takes the distances of the nearest nodes to a target, nearest first, after a complete look-up.</summary>
    public void Add(ReadOnlySpan<NodeId> distances)
    {
        if (distances.IsEmpty)
        {
            return;
        }

        double numerator = 0, denominator = 0; // least squares through the origin
        for (var i = 0; i < distances.Length; i++)
        {
            numerator += (i + 1.0) * (i + 1.0);
            denominator += (i + 1.0) * distances[i].Fraction;
        }

        var nodes = Math.Max(distances.Length, (numerator / Math.Max(denominator, double.Epsilon)) - 1);
        _samples++;
        var weight = Math.Max(Weight, 1.0 / _samples);
        Estimate += (nodes - Estimate) * weight;
    }

    /// <summary>Where the <paramref name="rank"/>-th nearest node to any target is expected, as a share of the key space.</summary>
    public double ExpectedDistance(int rank) => rank / (Estimate + 1);
}
