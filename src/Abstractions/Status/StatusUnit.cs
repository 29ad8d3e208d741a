namespace AptP2P;

/// <summary>What a number of the status page counts, so that the page can write it well. The JSON has the plain number.</summary>
public enum StatusUnit
{
    /// <summary>Nothing: a count, or not a number.</summary>
    None,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Bytes per second.</summary>
    BytesPerSecond,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>A share of 1.</summary>
    Ratio,
}
