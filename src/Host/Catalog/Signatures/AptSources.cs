using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Catalog.Signatures;

/// <summary>Reads apt's list of archives: sources.list and what lies in sources.list.d, in both of their forms (sources.list(5)).</summary>
internal static class AptSources
{
    /// <summary>Real machines have some ten. Only bounds what a look takes.</summary>
    private const int MaxFiles = 1_000;

    private const long MaxLength = 1 << 20;

    public static IEnumerable<AptSource> Read(string folder)
    {
        var parts = new DirectoryInfo(Path.Combine(folder, "sources.list.d"));
        IEnumerable<FileInfo> files = parts.Exists
            ? parts.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Take(MaxFiles)
            : [];
        foreach (
            var file in files
                .Prepend(new FileInfo(Path.Combine(folder, "sources.list")))
                .Where(file => file.Exists && file.Length <= MaxLength))
        {
            var found = file.Extension switch
            {
                ".list" => File.ReadLines(file.FullName).SelectMany(ReadLine),
                ".sources" => ReadStanzas(File.ReadLines(file.FullName)),
                _ => [],
            };
            foreach (var source in found)
            {
                yield return source;
            }
        }
    }

    /// <summary><c>deb [option=value ...] uri suite component ...</c></summary>
    private static IEnumerable<AptSource> ReadLine(string line)
    {
        line = line.Split('#')[0].Trim();
        var options = "";
        if (line.IndexOf('[', StringComparison.Ordinal) is > 0 and var open && line.IndexOf(']', open) is > 0 and var close)
        {
            options = line[(open + 1)..close];
            line = $"{line[..open]} {line[(close + 1)..]}";
        }

        var words = Words(line);
        if (words.Length < 3 || words[0] is not ("deb" or "deb-src"))
        {
            return [];
        }

        var values = Words(options).Select(option => option.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0].TrimEnd('+', '-'), pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return
        [
            new AptSource(
                words[1], words[2], [.. values["signed-by"].SelectMany(value => value.Split(','))],
                values["trusted"].Any(AptBoolean.IsTrue)),
        ];
    }

    private static IEnumerable<AptSource> ReadStanzas(IEnumerable<string> lines)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in lines.Where(line => !line.StartsWith('#')).Append(""))
        {
            if (line.Trim().Length == 0)
            {
                foreach (var source in Sources(fields))
                {
                    yield return source;
                }

                fields.Clear();
            }
            else if (line[0] is ' ' or '\t')
            {
                fields[last] = $"{fields.GetValueOrDefault(last)}\n{(line.Trim() == "." ? "" : line.Trim())}";
            }
            else if (line.Split(':', 2) is [var name, var value])
            {
                last = name.Trim();
                fields[last] = value.Trim();
            }
        }
    }

    private static IEnumerable<AptSource> Sources(Dictionary<string, string> fields)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        if (Field("Enabled") is { Length: > 0 } enabled && !AptBoolean.IsTrue(enabled))
        {
            return [];
        }

        var signedBy = Field("Signed-By").Trim();
        string[] keys = signedBy.StartsWith("-----", StringComparison.Ordinal)
            ? [signedBy]
            : signedBy.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return from address in Words(Field("URIs"))
               from suite in Words(Field("Suites"))
               select new AptSource(address, suite, keys, AptBoolean.IsTrue(Field("Trusted")));
    }

    private static string[] Words(string text) => text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
