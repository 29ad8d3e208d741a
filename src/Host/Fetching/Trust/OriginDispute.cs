using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// Decides which origin is believed when the whole is wrong and no peer had a part in it. One whose file is not what the index names (a
/// mirror that is behind, a hotel's log-in page) must not spoil what another has right. Not thread-safe: the builder locks around it.
/// </summary>
internal sealed class OriginDispute(BlockMap map, FetchChannels channels)
{
    private readonly HashSet<FetchChannel> _differing = [];
    private FetchChannel? _sole; // until its file is known to be right or wrong

    /// <summary>Those whose file is not what the index names.</summary>
    public IReadOnlyCollection<FetchChannel> Differing => _differing;

    /// <summary>Whether an origin's bytes are wanted while others are left.</summary>
    public bool MayWork(FetchChannel origin)
    {
        var left = channels.LiveOrigins();
        return _sole is { } sole && left.Contains(sole) ? origin == sole : !_differing.Contains(origin) || left.All(_differing.Contains);
    }

    /// <summary>Whether one origin is to give all of it, in one answer, and may still do so.</summary>
    public bool HasSole => _sole is { } sole && channels.LiveOrigins().Contains(sole);

    /// <summary>Decides what is to be thought of a whole that is wrong.</summary>
    /// <returns>The blocks to fetch again; none when the origins have nothing better.</returns>
    public IReadOnlyList<Block> Decide()
    {
        if (!map.IsOneRead)
        {
            // It is of several answers. Nobody knows which of them is wrong, or whether they only do not fit together, so one origin has
            // to give all of it, at once. If none is left, it is dropped all the same: nobody would have got this file without us.
            var givers = map.Blocks.Select(block => block.Giver).ToHashSet();
            _sole = channels.LiveOrigins().OrderBy(_differing.Contains).ThenByDescending(givers.Contains).FirstOrDefault();
            return map.Blocks;
        }

        _sole = null;
        var isNew = _differing.Add(map.Blocks[0].Giver!);
        return isNew && channels.LiveOrigins().Any(other => !_differing.Contains(other)) ? map.Blocks : [];
    }
}
