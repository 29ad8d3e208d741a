using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>The example of docs/plugins.md is a plugin that the loader's tests load.</summary>
public sealed class PluginDocsTests
{
    [Theory]
    [InlineData("csharp", "HelloPlugin.cs")]
    [InlineData("xml", "Hello.csproj")]
    public void Example_ComparedWithTheTestPlugin_IsTheSame(string language, string file)
    {
        var document = File.ReadAllText(Path.Combine(Code.Repository, "docs", "plugins.md"));
        var start = document.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;

        Assert.Equal(
            File.ReadAllText(Path.Combine(Code.Repository, "tests", "Plugins", "Hello", file)),
            document[start..document.IndexOf("```", start, StringComparison.Ordinal)]);
    }
}
