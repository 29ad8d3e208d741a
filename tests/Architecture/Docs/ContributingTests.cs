using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>CONTRIBUTING.md: the files and tests that it names exist.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Code.Repository, "CONTRIBUTING.md"));

    [Fact]
    public void Tests_Named_Exist()
    {
        var tests = Named.In(Text).Where(name => TestName().IsMatch(name)).ToArray();

        Assert.NotEmpty(tests);
        Assert.All(tests, Named.AssertIsTest);
    }

    [Fact]
    public void Paths_Named_Exist()
    {
        var paths = Named.In(Text).Where(name => PathName().IsMatch(name)).ToArray();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Code.Repository, path)), $"there is no {path}"));
    }

    [GeneratedRegex(@"^\w+Tests\.\w+$")]
    private static partial Regex TestName();

    /// <summary>With a folder in front, or with the suffix of a file.</summary>
    [GeneratedRegex(@"^[\w./-]+/[\w./-]+$|^[\w.-]+\.(md|props|json|slnx|editorconfig)$|^\.editorconfig$")]
    private static partial Regex PathName();
}
