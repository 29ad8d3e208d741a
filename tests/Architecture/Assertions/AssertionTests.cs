using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Assertions;

/// <summary>A test that asserts nothing can only fail by an exception, and its name says more than it sees.</summary>
public sealed partial class AssertionTests
{
    [Fact]
    public void Tests_All_ReachAnAssertion()
    {
        var calls = new MethodCalls();
        foreach (var assembly in Assemblies)
        {
            calls.Read(assembly);
        }

        var tests = calls.Having("Xunit.FactAttribute", "Xunit.TheoryAttribute").ToList();

        Assert.InRange(tests.Count, 1_000, int.MaxValue); // else this could pass by blindness
        Assert.Empty(tests.Where(test => !calls.From(test).Any(Assertion().IsMatch)).Order(StringComparer.Ordinal));
    }

    /// <summary>As the projects of the tests are built, this one included.</summary>
    private static IEnumerable<string> Assemblies
    {
        get
        {
            var tests = Path.Combine(Code.Repository, "tests");
            var output = Path.GetRelativePath(Path.Combine(tests, "Architecture"), AppContext.BaseDirectory);
            return Directory.EnumerateDirectories(tests)
                .Select(folder => Path.Combine(folder, output, $"AptP2P.{Path.GetFileName(folder)}.dll"))
                .Where(File.Exists); // the plugins for tests are elsewhere
        }
    }

    [GeneratedRegex(@"^Xunit\.Assert::(?!Skip)|^Microsoft\.Playwright\.I\w+Assertions::|^FsCheck\..*(::Check$|Check::|ThrowOnFailure)")]
    private static partial Regex Assertion();
}
