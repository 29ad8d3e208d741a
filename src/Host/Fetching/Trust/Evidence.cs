namespace AptP2P.Host.Fetching.Trust;

/// <summary>What a peer that is refused has done, in words: of which content, what it gave or said, and what is right.</summary>
internal static class Evidence
{
    public static string OfBytes(ContentHash content, int piece, ContentHash given, ContentHash right) =>
        $"sent piece {piece} of {Short(content)} with hash {Short(given)}, right is {Short(right)}";

    public static string OfList(ContentHash content, PieceList said, PieceList right)
    {
        var piece = 0;
        while (piece + 1 < right.Pieces.Length && said.Pieces[piece] == right.Pieces[piece])
        {
            piece++;
        }

        return $"said of piece {piece} of {Short(content)} that its hash is {Short(said.Pieces[piece])}, "
            + $"right is {Short(right.Pieces[piece])}";
    }

    public static string OfWhole(ContentHash content) => $"sent all of {Short(content)}, which has another hash";

    // enough to find it in a log, and short enough for a row of a table
    private static string Short(ContentHash hash) => hash.ToString()[..16];
}
