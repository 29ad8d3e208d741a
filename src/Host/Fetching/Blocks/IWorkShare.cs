using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>Decides what the origin is asked for while other nodes bring in the rest of the same content.</summary>
internal interface IWorkShare
{
    /// <summary>The block that an origin's channel brings in next; nothing while all that is free is left to others.</summary>
    Block? Next(FetchChannel origin, BlockMap map, long now);
}
