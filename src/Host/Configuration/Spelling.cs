namespace AptP2P.Host.Configuration;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class Spelling
{
    /// <returns>A hint to append to an error, or nothing when no name is near.</returns>
    public static string Suggest(string written, IEnumerable<string> names)
    {
        var best = names
            .Select(name => (Name: name, Distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= (best.Name.Length < 4 ? 1 : Math.Max(2, best.Name.Length / 3))
            ? $"; did you mean {best.Name}?"
            : "";
    }

    /// <summary>Levenshtein's: letters to insert, delete or replace.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[b.Length];
    }
}
