namespace AptP2P.Host.Fetching.Trust;

/// <summary>What follows from the hash of the whole.</summary>
internal enum Verdict
{
    /// <summary>It is right.</summary>
    Right,

    /// <summary>It is wrong, all of it is one origin's answer, and no other origin has better.</summary>
    Wrong,

    /// <summary>Parts of it have to be fetched again.</summary>
    Again,
}
