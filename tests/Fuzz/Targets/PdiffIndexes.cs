using System.Globalization;
using System.Text;
using AptP2P.Host.Apt.Indexes;
using AptP2P.Host.Apt.Paths;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// The Index of a .diff folder: the patches that it names, written as one, are read as the same; none lies outside of the archive.
/// </summary>
internal static class PdiffIndexes
{
    private static readonly byte[] Folder = Encoding.ASCII.GetBytes("/debian/dists/sid/main/binary-amd64/Packages.diff/");

    public static void Check(ReadOnlySpan<byte> input)
    {
        var patches = Indexes.Check(input, IndexEntryPlace.IndexDirectory);
        var text = new StringBuilder("SHA256-Current: 00 0\nSHA256-Download:\n");
        Span<byte> resolved = stackalloc byte[ArchivePath.MaxLength];
        foreach (var (name, _, digest, size) in patches)
        {
            text.Append(CultureInfo.InvariantCulture, $" {digest} {size} {name}\n");
            var isPath = ArchivePath.TryResolve(Folder, Encoding.Latin1.GetBytes(name), resolved, out var length);
            Assert.True(!isPath || (resolved[0] == '/' && resolved[..length].IndexOf("/../"u8) < 0), name);
        }

        Assert.Equal(patches, Indexes.Read(Encoding.Latin1.GetBytes(text.ToString()), default, out _));
    }
}
