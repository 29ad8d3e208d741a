namespace AptP2P.Host.Fetching;

/// <summary>Who gave which bytes that may be wrong. The truth is known only at the end; then those who lied are named, and nobody else.</summary>
internal sealed class Suspicions
{
    private const int MaxEntries = 4_096; // pieces of a 16 GB file; a liar is remembered with its first lie anyway

    private readonly List<(FetchChannel Channel, int Block, ContentHash Hash)> _blocks = [];

    public void Add(FetchChannel channel, Block block)
    {
        if (block.Hash is { } hash && _blocks.Count < MaxEntries)
        {
            _blocks.Add((channel, block.Index, hash));
        }
    }

    /// <summary>Compares with what the whole hash proved right.</summary>
    public void Resolve(IReadOnlyList<Block> truth)
    {
        foreach (var (channel, block, hash) in _blocks)
        {
            if (truth[block].Hash is { } right && right != hash)
            {
                channel.Blame("wrong bytes");
            }
        }
    }
}
