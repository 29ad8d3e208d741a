namespace AptP2P.Host.Fetching;

/// <summary>
/// Which origin is believed when a whole is wrong in which no peer had a part. One whose file is not what the index names (a mirror that is
/// behind, a hotel's log-in page) must not spoil what another has right. Not thread-safe: the builder locks around it.
/// </summary>
internal sealed class OriginDispute(BlockMap map, Func<IReadOnlyList<FetchChannel>> live)
{
    private readonly HashSet<FetchChannel> _differing = [];
    private FetchChannel? _sole; // until its file is known to be right or wrong

    /// <summary>Those whose file is not what the index names.</summary>
    public IReadOnlyCollection<FetchChannel> Differing => _differing;

    /// <summary>Whether an origin's bytes are wanted while others are left.</summary>
    public bool MayWork(FetchChannel origin)
    {
        var left = live();
        return _sole is { } sole && left.Contains(sole) ? origin == sole : !_differing.Contains(origin) || left.All(_differing.Contains);
    }

    /// <summary>Decides what is to be thought of a whole that is wrong.</summary>
    /// <returns>The blocks to fetch again; none when the origins have nothing better, so that apt gets it as it would without us.</returns>
    public IReadOnlyList<Block> Decide()
    {
        var givers = map.Blocks.Select(block => block.Giver!).Distinct().ToList();
        if (givers.Count > 1 || map.Blocks.Any(block => block.IsMixed))
        {
            // Nobody knows whose part is wrong: one of them has to give all of it.
            _sole = givers.FirstOrDefault(giver => !giver.IsRetired && !_differing.Contains(giver)) ?? givers.Find(giver => !giver.IsRetired) ?? (live() is [var next, ..] ? next : null);
            return _sole is null ? [] : [.. map.Blocks.Where(block => block.Giver != _sole || block.IsMixed)];
        }

        _sole = null;
        var isNew = givers is [var only] && _differing.Add(only);
        return isNew && live().Any(other => !_differing.Contains(other)) ? map.Blocks : [];
    }
}
