using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture;

/// <summary>
/// What decides about sources and channels is in the operator's hand: no number in those folders is a constant, but for these.
/// </summary>
public sealed partial class DecisionTests
{
    /// <summary>Units, and bounds of memory and of what a plugin with a fault may take, which decide nothing.</summary>
    private static readonly string[] Constants =
    [
        "BlockMap.SmallBlock",
        "ChannelSink.BufferSize",
        "ContentBuilder.HeldBack",
        "DistrustedContents.Most",
        "GuardedPolicy.LeastPause",
        "PrefixHash.ReadSize",
        "SourceGates.AtOnce",
        "SourceGates.MaxLeft",
        "Suspicions.MaxEntries",
    ];

    [Fact]
    public void Numbers_OfFetchingAndPolicy_AreOptions()
    {
        var found = Code.Files("src")
            .Where(file =>
                file.Contains("/Host/Fetching/", StringComparison.Ordinal) || file.Contains("/Host/Policy/", StringComparison.Ordinal))
            .SelectMany(file =>
                Number()
                    .Matches(File.ReadAllText(file))
                    .Select(match => $"{Path.GetFileName(file).Split('.')[0]}.{match.Groups["name"].Value}"));

        Assert.Equal(Constants, found.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(
        @"(?:\bconst\s+(?:int|long|double|float|uint|ulong)|\bstatic\s+readonly\s+(?:TimeSpan|int|long|double|ByteSize))\s+(?<name>\w+)")]
    private static partial Regex Number();
}
