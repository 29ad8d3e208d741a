namespace AptP2P;

/// <summary>
/// The head of what an origin answered, as far as its client goes by it. An error is passed on in the origin's stead, so that the origin is
/// not asked a second time for what it has said already.
/// </summary>
/// <param name="Status">The HTTP status; 200 or 206 where the body was at fault.</param>
/// <param name="Phrase">The words beside it, which apt shows; <see langword="null"/> for the usual ones.</param>
/// <param name="HasBody">Whether a body came with it. apt takes an error without one for lasting, and asks again after one that has a
/// body.</param>
public readonly record struct OriginAnswer(int Status, string? Phrase, bool HasBody);
