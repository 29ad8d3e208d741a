namespace AptP2P.Neighbours.Lan.Listening;

/// <summary>What it means that somebody was heard.</summary>
internal enum Sighting
{
    /// <summary>Nothing: no neighbour, ourselves, or there is no room.</summary>
    None,

    /// <summary>A neighbour who was not known, or has come back and knows nobody.</summary>
    New,

    /// <summary>One who has just come and repeats itself, as all do: an answer may have been lost.</summary>
    Repeated,

    /// <summary>One who is known and there still.</summary>
    Known,
}
