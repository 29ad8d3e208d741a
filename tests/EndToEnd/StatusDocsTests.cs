using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AptP2P.EndToEnd;

/// <summary>docs/status.md says what a daemon says.</summary>
public sealed partial class StatusDocsTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>What is said only in states that are not made here: of IPv6, of Mainline, and why this node is not reached.</summary>
    private static readonly Regex AtTimes = AtTimesPattern();

    [Fact]
    public async Task Status_OfARunningDaemon_HasTheKeysOfTheDocs()
    {
        var daemon = await StartDaemonAsync("daemon");
        await daemon.SaysAsync("DHT on UDP");

        var said = (await daemon.StatusAsync()).AsObject()
            .Where(section => section.Value is JsonObject)
            .SelectMany(section => section.Value!.AsObject().Select(item => $"{section.Key}.{item.Key}"))
            .ToHashSet();

        var documented = Documented();
        Assert.Subset(documented, said);
        Assert.Subset(said, documented.Where(key => !AtTimes.IsMatch(key)).ToHashSet());
    }

    private static HashSet<string> Documented()
    {
        var packaging = typeof(StatusDocsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == "Packaging").Value!;
        return [.. Row().Matches(File.ReadAllText(Path.Combine(packaging, "..", "docs", "status.md"))).Select(row => row.Groups[1].Value)];
    }

    [GeneratedRegex(@"^network\.(mainline|ipv[46])")]
    private static partial Regex AtTimesPattern();

    [GeneratedRegex(@"^\| `([a-z]+\.[a-zA-Z0-9]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
