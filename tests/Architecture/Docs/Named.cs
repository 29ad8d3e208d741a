using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>What a document names in back quotes: files, and tests as Class.Method. Both have to exist.</summary>
internal static partial class Named
{
    private static readonly Lazy<HashSet<string>> Tests = new(() => TestMethods().ToHashSet(StringComparer.Ordinal));

    public static IEnumerable<string> In(string text) => Quoted().Matches(text).Select(match => match.Groups[1].Value);

    public static void AssertIsFile(string file) => Assert.True(File.Exists(Path.Combine(Code.Repository, file)), $"there is no {file}");

    public static void AssertIsTest(string test) => Assert.True(Tests.Value.Contains(test), $"there is no test {test}");

    /// <summary>What is below a Fact or a Theory.</summary>
    private static IEnumerable<string> TestMethods() =>
        from file in Code.Files("tests")
        let text = File.ReadAllText(file)
        let type = TestClass().Match(text)
        where type.Success
        from Match method in TestMethod().Matches(text)
        select $"{type.Groups[1].Value}.{method.Groups[1].Value}";

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^public (?:sealed |partial |abstract )*class (\w+Tests)\b", RegexOptions.Multiline)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\r\n]*\n(?:[^\r\n]*\n){0,60}?    public (?:async )?(?:Task|ValueTask|void) (\w+)\(")]
    private static partial Regex TestMethod();
}
