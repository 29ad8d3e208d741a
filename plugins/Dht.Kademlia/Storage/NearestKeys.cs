using System.Diagnostics.CodeAnalysis;

namespace AptP2P.Dht.Kademlia;

/// <summary>
/// A bounded dictionary that, when full, drops the key farthest from our own id. Honest keys reach a node because it is among the nearest to
/// them; a flood of made-up ones is spread over the key space, so the farthest is the least likely to be missed, and who wants to flush a
/// store has to make keys near each node one by one.
/// </summary>
internal sealed class NearestKeys<TValue>(NodeId own, int capacity)
{
    private readonly Dictionary<NodeId, TValue> _values = [];
    private readonly SortedSet<NodeId> _distances = [];

    public int Count => _values.Count;

    public IEnumerable<KeyValuePair<NodeId, TValue>> All => _values;

    public bool TryGet(NodeId key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <returns>Whether it is in: not when the store is full of nearer ones.</returns>
    /// <param name="key">A key that is not in.</param>
    /// <param name="value">Its value.</param>
    /// <param name="evicted">What had to go for it.</param>
    public bool TryAdd(NodeId key, TValue value, out TValue? evicted)
    {
        evicted = default;
        var distance = key ^ own;
        if (_values.Count >= capacity)
        {
            var farthest = _distances.Max;
            if (distance.CompareTo(farthest) >= 0)
            {
                return false;
            }

            _distances.Remove(farthest);
            _values.Remove(farthest ^ own, out evicted);
        }

        _values.Add(key, value);
        _distances.Add(distance);
        return true;
    }

    public void Replace(NodeId key, TValue value) => _values[key] = value;

    /// <summary>Removes those of which it is said so.</summary>
    public void RemoveWhere(Func<TValue, bool> isGone)
    {
        foreach (var (key, value) in _values)
        {
            if (isGone(value))
            {
                _values.Remove(key); // allowed while enumerating, as nothing is added
                _distances.Remove(key ^ own);
            }
        }
    }
}
