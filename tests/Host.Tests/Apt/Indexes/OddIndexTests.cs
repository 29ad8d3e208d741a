using System.Text;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Indexes;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Indexes;

/// <summary>
/// What apt takes (pkgTagSection::Scan in its tagfile.cc) is read here too: a line that nobody understands costs no other.
/// </summary>
public sealed class OddIndexTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly string Sha512 = new('a', 128);

    // Lines of their own, none of which says anything of a file.
    private static readonly string[] Odd =
    [
        "# by hand",
        "not indented",
        "Home page: http://example.org/",
        "Maintainer : o",
        "Description: o\n more\n \n more",
        "Description:\n  ",
        ": no name",
        "\ufeffPackage: o",
        "Task:",
        "X-" + new string('x', 100_000) + ": 1",
        "Filenames: o",
        "SHA256sum: o",
        "\tindented\twith\ttabs",
        "\u00e4: \u00f6",
        "\f: o",
        "Empty:\r",
    ];

    [Theory]
    [InlineData("Filename : a.deb\nSize\t: 7\nSHA256 : HASH\n")]
    [InlineData("Filename:\n a.deb\nSize:\n\t7\nSHA256: \n  HASH\n")]
    [InlineData("FILENAME:a.deb\nsize:\t7\nSha256: HASH \t\n")]
    [InlineData("Filename: b.deb\nFilename: a.deb\nSize: 8\nSize: 7\nSHA256: 00\nSHA256: HASH\n")]
    [InlineData("Filename: a.deb\nSize: 0007\nSHA256: HASH\n")]
    [InlineData("Filename: a.deb\nSize: 7 bytes\nSHA256: HASH\n")]
    [InlineData("Filename: a.deb\n more\nSize: 7\n 8\nSHA256: HASH\n 00\n")]
    [InlineData("Filename: a.deb\n \n\t\nSize: 7\nSHA256: HASH\n")] // only an empty line ends a stanza
    [InlineData("\n\n\r\nFilename: a.deb\r\nSize: 7\r\nSHA256: HASH\r\n\r\n\r\n\n")]
    [InlineData("Checksums-Sha256: HASH 7 a.deb\n")]
    [InlineData("Checksums-Sha256:\n HASH 8 b.deb\nChecksums-Sha256:\n HASH 7 a.deb main optional\n")]
    public void Push_OddPackage_IsRead(string stanza)
    {
        Assert.Equal(["a.deb 7"], Read(stanza.Replace("HASH", Hash)));
        Assert.Equal(["a.deb 7"], Read(stanza.Replace("HASH", Hash.ToUpperInvariant()).TrimEnd('\n')));
    }

    // Each is taken by apt. What has no SHA-256 is to be proven when it passes.
    [Theory]
    [InlineData("Filename: a.deb\nSize: 7\nSHA512: SHA512\n", "a.deb 7 SHA512")]
    [InlineData("Filename: a.deb\nSize: 7\nSHA512: SHA512\nSHA256: 00\n", "a.deb 7 SHA512")]
    [InlineData("Filename: a.deb\nSize: 7\nSHA512: SHA512\nSHA256: HASH\n", "a.deb 7")]
    [InlineData("Directory: d\nChecksums-Sha512:\n SHA512 7 a.dsc\n", "d/a.dsc 7 SHA512")]
    [InlineData("Directory: d\nChecksums-Sha512:\n SHA512 7 a.dsc\nChecksums-Sha256:\n HASH 7 a.dsc\n", "d/a.dsc 7")]
    public void Push_WithoutSha256_IsToBeProven(string stanza, string expected) =>
        Assert.Equal([expected], Read(stanza.Replace(" SHA512", " " + Sha512).Replace("HASH", Hash)));

    [Fact]
    public void Push_OddLinesAnywhere_CostNoFile()
    {
        var lines = Gen.Elements(Odd).ListOf();
        var stanza = Gen.Zip(lines, Gen.Zip(lines, lines)).Select(odd => Stanza(odd.Item1, odd.Item2.Item1, odd.Item2.Item2));
        Property.Holds(stanza.ListOf(), stanzas => Read(string.Join("\n", stanzas)).Count == stanzas.Count);

        static string Stanza(params IEnumerable<string>[] odd)
        {
            var lines = odd.Select(some => string.Concat(some.Select(line => line + "\n"))).ToList();
            return $"Package: p\n{lines[0]}Filename: a.deb\n{lines[1]}Size: 7\nSHA256: {Hash}\n{lines[2]}";
        }
    }

    [Fact]
    public void Push_ContentsList_IsNotReadToTheEnd()
    {
        var text = Encoding.UTF8.GetBytes(
            string.Concat(
                Enumerable.Range(0, 1000).Select(number => $"usr/share/man/man3/Some::Module{number}.3pm.gz   perl/libsome-perl\n")));
        var reader = new IndexReader((in _) => Assert.Fail("there are no files"));
        var pushed = 0;
        while (reader.Push(text))
        {
            pushed++;
        }

        Assert.Equal(ReadingLimits.TextWithoutFile / text.Length, pushed);
        Assert.Equal(IndexOutcome.NamesNoFiles, reader.Outcome);
    }

    private static List<string> Read(string text)
    {
        var files = new List<string>();
        var reader = new IndexReader((in entry) => files.Add($"{Encoding.UTF8.GetString(entry.Path)} {entry.Size}{DigestOf(entry)}"));
        reader.Push(Encoding.UTF8.GetBytes(text));
        Assert.Equal(IndexOutcome.Complete, reader.Complete());
        return files;
    }

    private static string DigestOf(in IndexEntry entry) =>
        Convert.ToHexStringLower(entry.Digest) is var digest && digest == Hash ? "" : digest == Sha512 ? " SHA512" : " " + digest;
}
