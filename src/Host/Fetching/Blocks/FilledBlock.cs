namespace AptP2P.Host.Fetching.Blocks;

/// <summary>A block as it was filled. It may be emptied, and filled with something else, while somebody hashes it.</summary>
/// <param name="Block">Which.</param>
/// <param name="Emptied">How often it had been emptied.</param>
internal readonly record struct FilledBlock(Block Block, int Emptied)
{
    public FilledBlock(Block block) : this(block, block.Emptied)
    {
    }

    /// <summary>Whether the same bytes are still in it. Asked under the builder's lock.</summary>
    public bool IsStillThere => Block.IsFull && Block.Emptied == Emptied;
}
