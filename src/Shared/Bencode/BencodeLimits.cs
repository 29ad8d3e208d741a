namespace AptP2P.Shared.Bencode;

/// <summary>How much bencoded data may be in one value. What goes beyond is refused before anything is made of it.</summary>
/// <param name="Depth">Lists and dictionaries inside each other: a bomb of <c>llll…</c> must not exhaust the stack.</param>
/// <param name="Tokens">Values in all: many tiny ones cost more to walk than their bytes suggest.</param>
/// <param name="Canonical">
/// Whether keys must be sorted and integers have no leading zeros. A message need not be so, and strangers' programs get it wrong. An item
/// must be, since its bytes are hashed.
/// </param>
internal readonly record struct BencodeLimits(int Depth, int Tokens, bool Canonical)
{
    /// <summary>For datagrams of strangers. The largest honest message has 100 values of six bytes.</summary>
    public static BencodeLimits Datagram => new(Depth: 10, Tokens: 500, Canonical: false);

    /// <summary>For items (BEP 44), which are part of datagrams.</summary>
    public static BencodeLimits Item => new(Depth: 10, Tokens: 500, Canonical: true);

    /// <summary>For what peers answer over HTTP: one dictionary of simple values, of which there is one form.</summary>
    public static BencodeLimits Answer => new(Depth: 1, Tokens: 64, Canonical: true);

    /// <summary>For our own state files.</summary>
    public static BencodeLimits File => new(Depth: 10, Tokens: int.MaxValue, Canonical: true);
}
