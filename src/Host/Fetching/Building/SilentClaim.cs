using AptP2P.Host.Fetching.Blocks;

namespace AptP2P.Host.Fetching.Building;

/// <summary>A claim that nothing comes from now.</summary>
/// <param name="Claim">Which.</param>
/// <param name="Since">Since when (a timestamp).</param>
/// <param name="HasBegun">Whether something came before.</param>
internal readonly record struct SilentClaim(Claim Claim, long Since, bool HasBegun);
