namespace AptP2P.Host.Apt.Paths;

/// <summary>
/// Names that say what a file is where nothing else does: apt makes these itself for an archive whose Release names nothing.
/// </summary>
internal static class IndexFileName
{
    /// <summary>Packages or Sources in any compression, without a directory.</summary>
    public static bool IsIndex(string name)
    {
        var begin = name.StartsWith("./", StringComparison.Ordinal) ? 2 : 0;
        var dot = name.IndexOf('.', begin);
        return name.AsSpan()[begin..(dot < 0 ? name.Length : dot)] is "Packages" or "Sources" && name.IndexOf('/', begin) < 0;
    }
}
