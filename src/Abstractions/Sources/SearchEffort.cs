namespace AptP2P;

/// <summary>How far a source should go to find channels.</summary>
public enum SearchEffort
{
    /// <summary>Only what is known already: no look-up, no waiting.</summary>
    Known,

    /// <summary>Look it up.</summary>
    Search,

    /// <summary>As <see cref="Known"/>, and of that only what is in the same local network.</summary>
    Near,
}
