namespace AptP2P;

/// <summary>
/// What a client needs to know of an origin's answer. The host passes an error on in the origin's place, so that nobody asks the origin a
/// second time for the same answer.
/// </summary>
/// <param name="Status">The HTTP status; 200 or 206 where the body was at fault.</param>
/// <param name="Phrase">The words beside it, which apt shows; <see langword="null"/> for the usual ones.</param>
/// <param name="HasBody">Whether a body came with it. apt gives up after an error without a body, and asks again after one with a
/// body.</param>
public readonly record struct OriginAnswer(int Status, string? Phrase, bool HasBody);
