namespace AptP2P.EndToEnd.Strangers;

/// <summary>How a caller ends what it has begun.</summary>
internal enum Parting
{
    /// <summary>Says that nothing more comes, and reads what it is answered to its end.</summary>
    HalfClosed,

    /// <summary>Leaves at once, without reading.</summary>
    Closed,

    /// <summary>The same, with a reset.</summary>
    Reset,

    /// <summary>Neither sends nor reads any more, for a while.</summary>
    Silent,
}
