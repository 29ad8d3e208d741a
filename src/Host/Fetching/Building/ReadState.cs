namespace AptP2P.Host.Fetching.Building;

/// <summary>What a reader has to know of a content before it reads on.</summary>
/// <param name="Servable">Up to where it may read.</param>
/// <param name="Doubts">How often the whole turned out wrong, and parts of it were emptied again.</param>
/// <param name="WrongFrom">The first byte that turned out to be another one than was handed out before the last doubt.</param>
internal readonly record struct ReadState(long Servable, int Doubts, long WrongFrom);
