namespace AptP2P.Host.Catalog.Signatures;

/// <summary>One archive that apt uses on this machine.</summary>
/// <param name="Address">Its URI as it is written there.</param>
/// <param name="Suite">As it is written there: a name below <c>dists</c>, or a directory with a slash at its end.</param>
/// <param name="SignedBy">Files and fingerprints of keys, or one key itself in its armor. Empty: all keys that apt trusts.</param>
/// <param name="IsTrusted">apt takes it without any signature.</param>
internal sealed record AptSource(string Address, string Suite, IReadOnlyList<string> SignedBy, bool IsTrusted)
{
    /// <summary>Below the root.</summary>
    public string Directory => Suite.EndsWith('/') ? Suite.TrimStart('/') : $"dists/{Suite}/";
}
