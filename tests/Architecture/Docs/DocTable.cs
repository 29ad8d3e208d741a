namespace AptP2P.Architecture.Docs;

/// <summary>The first table below a heading of a document, compared with what the code says, or written from it.</summary>
internal static class DocTable
{
    /// <summary>
    /// Makes sure that the table has exactly these rows. With UPDATE_SNAPSHOTS=1 it is written anew, below a new heading if there is none.
    /// </summary>
    /// <returns>What is missing (+) and what is too much (-); nothing when they agree.</returns>
    public static IReadOnlyList<string> Compare(string document, string heading, string header, IEnumerable<string> rows)
    {
        var path = Path.Combine(Code.Repository, "docs", document);
        var lines = File.ReadAllLines(path).ToList();
        var (expected, written) = (rows.ToArray(), new List<string>());
        var at = lines.IndexOf(heading);
        var first = at < 0 ? -1 : lines.FindIndex(at + 1, line => line.StartsWith('|') || line.StartsWith('#'));
        if (first >= 0 && lines[first].StartsWith('|'))
        {
            written.AddRange(lines.Skip(first + 2).TakeWhile(line => line.StartsWith('|'))); // after the header and its line
        }

        var difference = expected
            .Except(written)
            .Select(row => "+ " + row)
            .Concat(written.Except(expected).Select(row => "- " + row))
            .ToArray();
        if (difference.Length == 0 || Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") != "1")
        {
            return [.. difference.Select(line => $"{document} {heading}: {line}")];
        }

        string[] table = [header, string.Concat(header.Select(c => c == '|' ? '|' : '-')), .. expected];
        if (written.Count > 0)
        {
            lines.RemoveRange(first, written.Count + 2);
            lines.InsertRange(first, table);
        }
        else
        {
            lines.InsertRange(at < 0 ? lines.Count : at + 1, at < 0 ? ["", heading, "", .. table] : ["", .. table]);
        }

        File.WriteAllLines(path, lines);
        return [];
    }
}
