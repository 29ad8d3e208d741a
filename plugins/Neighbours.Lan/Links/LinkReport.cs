namespace AptP2P.Neighbours.Lan.Links;

/// <summary>How it went.</summary>
/// <param name="Links">Those on which it did.</param>
/// <param name="Datagrams">How many went out.</param>
/// <param name="Problems">What was in the way, for people.</param>
internal sealed record LinkReport(Link[] Links, int Datagrams, string[] Problems);
