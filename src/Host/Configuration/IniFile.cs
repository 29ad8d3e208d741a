namespace AptP2P.Host.Configuration;

/// <summary>
/// Reads <c>[Section]</c> and <c>Key = value</c> lines; <c>#</c> and <c>;</c> begin a comment line. A reader of our own, because an error
/// must name its line, and one bad line must not hide the errors behind it.
/// </summary>
internal static class IniFile
{
    public static void Read(string path, SettingList settings)
    {
        try
        {
            Parse(path, File.ReadLines(path), settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            settings.Problems.Add($"{path}: cannot be read: {e.Message}");
        }
    }

    public static void Parse(string path, IEnumerable<string> lines, SettingList settings)
    {
        var seen = new Dictionary<(string, string), int>(SectionKeyComparer.Instance);
        string? section = null;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] is '#' or ';')
            {
                continue;
            }

            if (text[0] == '[')
            {
                section = text[^1] == ']' ? text[1..^1].Trim().ToString() : null;
                if (string.IsNullOrEmpty(section))
                {
                    section = null;
                    settings.Problems.Add($"{path}:{number}: '{text}' is no section; write [Name]");
                }

                continue;
            }

            var equals = text.IndexOf('=');
            if (equals < 1)
            {
                settings.Problems.Add($"{path}:{number}: '{text}' is neither a section nor Key = value");
                continue;
            }

            var key = text[..equals].TrimEnd().ToString();
            if (section is null)
            {
                settings.Problems.Add($"{path}:{number}: '{key}' stands outside of a section; put it below a line such as [Host]");
            }
            else if (!seen.TryAdd((section, key), number))
            {
                settings.Problems.Add($"{path}:{number}: [{section}] {key} is given again; it is in line {seen[(section, key)]} already");
            }
            else
            {
                settings.Add(new Setting(section, key, Unquote(text[(equals + 1)..].Trim()), $"{path}:{number}: [{section}] {key}"));
            }
        }
    }

    private static string Unquote(ReadOnlySpan<char> value) =>
        (value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value).ToString();
}
