namespace AptP2P.Bench;

/// <summary>Other people's programs that a benchmark needs.</summary>
internal static class Programs
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    public static bool Has(string program) => Folders.Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <param name="needed">Programs, each with the package that has it.</param>
    public static void Require(params (string Program, string Package)[] needed)
    {
        var missing = needed.Where(one => !Has(one.Program)).ToList();
        if (missing.Count > 0)
        {
            throw new UsageException(
                $"{string.Join(", ", missing.Select(one => one.Program))} missing: "
                    + $"apt-get install {string.Join(' ', missing.Select(one => one.Package))}");
        }
    }
}
