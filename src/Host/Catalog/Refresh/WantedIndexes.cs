using System.Runtime.InteropServices;
using AptP2P.Host.Catalog.Suites;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>Chooses which of a Release's indexes to get: one compression of each slot that names packages somebody here uses.</summary>
internal static class WantedIndexes
{
    /// <summary>
    /// Components times architectures of a real suite stay below. Stops one request from fetching a suite with thousands.
    /// </summary>
    public const int MaxIndexes = 16;

    /// <summary>The slots that have been read before.</summary>
    public static IEnumerable<KnownIndex> Of(IReadOnlyList<KnownIndex> current, IReadOnlyCollection<string> slots) =>
        OnePerSlot(current.Where(index => slots.Contains(index.Slot)));

    /// <summary>
    /// Nothing of the suite has been read: the indexes that can name this file, after Debian's layout (binary-ARCH and source directories,
    /// and components that the pool repeats). In a flat repository all that name files.
    /// </summary>
    public static IEnumerable<KnownIndex> For(IReadOnlyList<KnownIndex> current, string? missing)
    {
        if (missing is null)
        {
            return [];
        }

        var kind = ArchitectureOf(missing) is { } architecture ? $"/binary-{architecture}/" : "/source/";
        var layout = current.Where(index => IsPackageIndex(index) && index.Directory.EndsWith(kind, StringComparison.Ordinal)).ToList();
        var component = layout.Where(index => missing.Contains(ComponentOf(index, kind), StringComparison.Ordinal)).ToList();
        var isFlat = !current.Any(index => index.Directory.Contains("/binary-", StringComparison.Ordinal));
        return OnePerSlot(component.Count > 0 ? component : isFlat ? current.Where(IsPackageIndex) : layout);
    }

    /// <summary>The smallest compression: the plain file is listed but seldom served.</summary>
    private static IEnumerable<KnownIndex> OnePerSlot(IEnumerable<KnownIndex> indexes) =>
        indexes.GroupBy(index => index.Slot)
            .Select(slot => slot.OrderBy(index => !index.IsCompressed).ThenBy(index => index.Size).First())
            .Take(MaxIndexes);

    private static bool IsPackageIndex(KnownIndex index) => index.Slot[index.Directory.Length..] is "Packages" or "Sources";

    /// <summary>
    /// Of <c>name_version_arch.deb</c>; a source has none. Packages for all architectures are in each one's index, so in this machine's.
    /// </summary>
    private static string? ArchitectureOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var begin = name.LastIndexOf('_') + 1;
        var end = name.LastIndexOf('.');
        return !name.EndsWith("deb", StringComparison.Ordinal) || begin == 0 || end < begin ? null
            : name[begin..end] is var architecture && architecture != "all" ? architecture
            : RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => "amd64",
                Architecture.X86 => "i386",
                Architecture.Arm => "armhf",
                Architecture.Ppc64le => "ppc64el",
                Architecture.LoongArch64 => "loong64",
                var other => other.ToString().ToLowerInvariant(), // arm64, riscv64, s390x
            };
    }

    /// <summary><c>/main/</c> of <c>.../main/binary-amd64/</c>.</summary>
    private static string ComponentOf(KnownIndex index, string kind)
    {
        var parent = index.Directory[..^(kind.Length - 1)];
        return parent[parent.LastIndexOf('/', parent.Length - 2)..];
    }
}
