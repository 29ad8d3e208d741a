namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>
/// Holders by how much they hold. All holders with the same count are in one list. A count changes by one at a time, so a holder moves to a
/// neighbouring list: what a flood of announcements costs does not grow with what it has filled.
/// </summary>
internal sealed class Ranking
{
    private readonly List<Holder?> _byCount = [null];

    /// <summary>A holder with the largest count.</summary>
    public Holder First => _byCount[^1]!;

    /// <summary>Changes the count of a holder by one. A holder with a count of 0 is not in the ranking.</summary>
    public void Resize(Holder holder, int by)
    {
        if (holder.Count > 0)
        {
            Leave(holder);
        }

        holder.Count += by;
        if (holder.Count > 0)
        {
            Enter(holder);
        }

        while (_byCount.Count > 1 && _byCount[^1] is null)
        {
            _byCount.RemoveAt(_byCount.Count - 1);
        }
    }

    private void Enter(Holder holder)
    {
        if (holder.Count == _byCount.Count)
        {
            _byCount.Add(null);
        }

        var next = _byCount[holder.Count];
        (holder.Before, holder.After) = (null, next);
        next?.Before = holder;
        _byCount[holder.Count] = holder;
    }

    private void Leave(Holder holder)
    {
        holder.After?.Before = holder.Before;
        if (holder.Before is { } before)
        {
            before.After = holder.After;
        }
        else
        {
            _byCount[holder.Count] = holder.After;
        }
    }
}
