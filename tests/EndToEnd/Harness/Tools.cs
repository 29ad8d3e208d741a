using System.Diagnostics;

namespace AptP2P.EndToEnd;

/// <summary>The programs and services that these tests need from the machine.</summary>
internal static class Tools
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Ends the test here: skipped on a machine that lacks something, failed in CI, where everything is installed first.</summary>
    /// <returns>Never: it is written as <c>throw Missing(...)</c>, so that the compiler knows that too.</returns>
    public static Exception Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{what}, and CI must have it");
        }

        Assert.Skip(what);
        return new UnreachableException();
    }

    public static string? FirstMissing(params IEnumerable<string> names) => names.FirstOrDefault(name => Find(name) is null);
}
