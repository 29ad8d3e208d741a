using System.Globalization;
using System.Text;
using AptP2P.Host.Apt.Indexes;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>Packages and Sources: what they name, written as a Packages, is read as the same.</summary>
internal static class Packages
{
    public static void Check(ReadOnlySpan<byte> input)
    {
        var files = Indexes.Check(input, IndexEntryPlace.ArchiveRoot);
        var text = new StringBuilder();
        foreach (var (path, _, digest, size) in files)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"Package: a\nFilename: {path}\nSize: {size}\n{(digest.Length == 64 ? "SHA256" : "SHA512")}: {digest}\n\n");
        }

        Assert.Equal(files, Indexes.Read(Encoding.Latin1.GetBytes(text.ToString()), default, out _));
    }
}
