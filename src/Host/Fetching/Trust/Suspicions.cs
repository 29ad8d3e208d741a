using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// Who gave which bytes that may be wrong. The truth is known only at the end; then those who lied are named, and nobody else.
/// </summary>
internal sealed class Suspicions(Content content)
{
    private const int MaxEntries = 4_096; // pieces of a 16 GB file; a liar is remembered with its first lie anyway

    private readonly List<(FetchChannel Channel, int Block, ContentHash Hash, bool IsItsWord)> _blocks = [];

    public void Add(FetchChannel channel, Block block)
    {
        if (block.Hash is { } hash && _blocks.Count < MaxEntries)
        {
            _blocks.Add((channel, block.Index, hash, block.IsVouched));
        }
    }

    /// <summary>Compares with what the whole hash proved right.</summary>
    public IEnumerable<Accusation> Resolve(IReadOnlyList<Block> truth)
    {
        foreach (var (channel, block, hash, isItsWord) in _blocks)
        {
            if (truth[block].Hash is { } right && right != hash)
            {
                yield return new(channel, isItsWord, Evidence.OfBytes(content.Hash, block, hash, right));
            }
        }
    }
}
