using System.Text;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Indexes;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Indexes;

public sealed class IndexReaderTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Packages = $"""
        Package: zero
        Filename: pool/z/zero_1+2~3_amd64.deb
        Size: 3180000000
        SHA256: {Hash}
        Description: zero
         Filename: not/this/one
         .
         SHA256: nor this

        package: one
        sha256: {Hash}
        size: 7
        filename: ./one.deb

        """;

    private const string Sources = $"""
        Package: two
        Format: 3.0 (quilt)
        Checksums-Sha1:
         da39a3ee5e6b4b0d3255bfef95601890afd80709 5 two_1.dsc
        Checksums-Sha256:
         {Hash} 5 two_1.dsc
         {Hash}  6 two_1.tar.xz
        Files:
         d41d8cd98f00b204e9800998ecf8427e 5 two_1.dsc
        Directory: pool/t/two

        Package: flat
        Checksums-Sha256:
         {Hash} 5 flat.dsc

        """;

    private const string Diffs = $"""
        SHA256-Current: {Hash} 50060337
        SHA256-History:
         {Hash} 50060337 T-2026-01-01-0000.00-F-2025-12-31-0000.00
        SHA256-Patches:
         {Hash} 999 T-2026-01-01-0000.00-F-2025-12-31-0000.00
        SHA256-Download:
         {Hash} 321 T-2026-01-01-0000.00-F-2025-12-31-0000.00.gz
        X-Patch-Precedence: merged

        """;

    [Fact]
    public void Push_Packages_GivesFiles()
    {
        var (reader, files) = Read(Packages);
        Assert.Equal(["pool/z/zero_1+2~3_amd64.deb 3180000000 ArchiveRoot", "./one.deb 7 ArchiveRoot"], files);
        Assert.Equal((IndexOutcome.Complete, 2, 0), (reader.Outcome, reader.Entries, reader.Skipped));
    }

    [Fact]
    public void Push_Sources_GivesFilesOfTheirDirectory()
    {
        var (reader, files) = Read(Sources);
        Assert.Equal(["pool/t/two/two_1.dsc 5 ArchiveRoot", "pool/t/two/two_1.tar.xz 6 ArchiveRoot", "flat.dsc 5 ArchiveRoot"], files);
        Assert.Equal(IndexOutcome.Complete, reader.Outcome);
    }

    [Fact]
    public void Push_IndexOfDiffs_GivesDownloadsOnly()
    {
        var (reader, files) = Read(Diffs);
        Assert.Equal(["T-2026-01-01-0000.00-F-2025-12-31-0000.00.gz 321 IndexDirectory"], files);
        Assert.Equal(IndexOutcome.Complete, reader.Outcome);
    }

    [Fact]
    public void Push_WindowsLineEndsAndNoLastOne_IsTheSame()
    {
        Assert.Equal(Read(Packages).Files, Read(Packages.Replace("\n", "\r\n")).Files);
        Assert.Equal(Read(Packages).Files, Read(Packages.TrimEnd()).Files);
    }

    [Theory]
    [InlineData("Filename: a.deb\nSize: 1\n\n")]
    [InlineData($"Filename: a.deb\nSHA256: {Hash}\n\n")]
    [InlineData($"Filename: a.deb\nSize: -1\nSHA256: {Hash}\n\n")]
    [InlineData($"Filename: a.deb\nSize: many\nSHA256: {Hash}\n\n")]
    [InlineData($"Filename: a.deb\nSize: 99999999999999999999\nSHA256: {Hash}\n\n")]
    [InlineData("Filename: a.deb\nSize: 1\nSHA256: 00ff\n\n")]
    [InlineData($"Filename: a.deb\nSize: 1\nMD5sum: {Hash}\n\n")]
    [InlineData("Checksums-Sha256:\n 00ff 5 a.dsc\n\n")]
    [InlineData($"Checksums-Sha256:\n {Hash} 5\n\n")]
    public void Push_StanzaWithoutAUsableHashOrSize_SkipsItAndGoesOn(string stanza)
    {
        var (reader, files) = Read(stanza + Packages);
        Assert.Equal(Read(Packages).Files, files);
        Assert.Equal((IndexOutcome.Complete, 1), (reader.Outcome, reader.Skipped));
    }

    [Theory]
    [InlineData("FILE                 LOCATION\nbin/afio             utils/afio\n")]
    [InlineData("---\nFile: DEP-11\n")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("\0\u0001\u0002")]
    [InlineData(": no name\n")]
    [InlineData("\n \n\n")]
    [InlineData("Archive: stable\nComponent: main\n")]
    public void Push_SomethingElse_NamesNoFiles(string text)
    {
        var (reader, files) = Read(text);
        Assert.Empty(files);
        Assert.Equal(IndexOutcome.NamesNoFiles, reader.Outcome);
    }

    [Fact]
    public void Push_Translations_AreNotReadToTheEnd()
    {
        var translation = Encoding.UTF8.GetBytes("Package: a\nDescription-md5: 1\nDescription-en: a\n a\n\n");
        var reader = new IndexReader((in _) => Assert.Fail("there are no files"));
        var pushed = 0;
        while (reader.Push(translation))
        {
            pushed++;
        }

        Assert.Equal(ReadingLimits.TextWithoutFile / translation.Length, pushed);
        Assert.Equal(IndexOutcome.NamesNoFiles, reader.Outcome);
    }

    [Fact]
    public void Complete_NothingPushed_IsAnEmptyIndex() =>
        Assert.Equal((IndexOutcome.Complete, 0), (Read("").Reader.Outcome, Read("").Reader.Entries));

    [Fact]
    public void Push_LineThatNeverEnds_StopsAtTheLimit()
    {
        var reader = new IndexReader((in _) => { });
        reader.Push(Encoding.UTF8.GetBytes(Packages));
        reader.Push("Description: "u8);
        var chunk = Enumerable.Repeat((byte)'x', 64 << 10).ToArray();
        var pushed = 0;
        while (reader.Push(chunk))
        {
            pushed++;
        }

        Assert.Equal(IndexOutcome.TooLarge, reader.Outcome);
        Assert.Equal((ReadingLimits.LineLength - 13) / chunk.Length, pushed);
    }

    [Fact]
    public void Push_SourceWithTooManyFiles_StopsAtTheLimit()
    {
        var files = string.Concat(Enumerable.Repeat($" {Hash} 1 a\n", ReadingLimits.FilesPerStanza));
        Assert.Equal(IndexOutcome.Complete, Read($"Checksums-Sha256:\n{files}\n").Reader.Outcome);
        Assert.Equal(IndexOutcome.TooLarge, Read($"Checksums-Sha256:\n{files} {Hash} 1 a\n\n").Reader.Outcome);
    }

    [Fact]
    public void Push_MoreFilesThanTheLimit_StopsThere()
    {
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"Filename: a\nSize: 1\nSHA256: {Hash}\n\n", 1000)));
        var reader = new IndexReader((in _) => { });
        while (reader.Push(chunk))
        {
        }

        Assert.Equal((IndexOutcome.TooLarge, ReadingLimits.Entries + 1), (reader.Outcome, reader.Entries));
    }

    [Fact]
    public void Push_CutAnywhere_IsTheSame()
    {
        var text = Encoding.UTF8.GetBytes(Packages + Sources + Diffs);
        var whole = Read(Packages + Sources + Diffs).Files;
        Property.Holds(Gen.Choose(0, text.Length).ListOf(), cuts =>
        {
            var files = new List<string>();
            var reader = Reader(files);
            var start = 0;
            foreach (var cut in cuts.Append(text.Length).Order())
            {
                reader.Push(text.AsSpan(start, cut - start));
                start = cut;
            }

            return reader.Complete() == IndexOutcome.Complete && files.SequenceEqual(whole);
        });
    }

    [Fact]
    public void Push_DamagedIndex_GivesAnOutcomeAndOnlyCountedFiles()
    {
        var random = new Random(1);
        var valid = Encoding.UTF8.GetBytes(Packages + Sources + Diffs);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = Mutation.Of(valid, random);
            var files = new List<string>();
            var reader = Reader(files);
            reader.Push(damaged);
            reader.Complete();
            Assert.Equal(reader.Entries, files.Count);
            Assert.True(Enum.IsDefined(reader.Outcome));
        }
    }

    private static (IndexReader Reader, List<string> Files) Read(string text)
    {
        var files = new List<string>();
        var reader = Reader(files);
        reader.Push(Encoding.UTF8.GetBytes(text));
        reader.Complete();
        return (reader, files);
    }

    private static IndexReader Reader(List<string> files) =>
        new(
            (in entry) =>
                files.Add(
                    $"{Encoding.UTF8.GetString(entry.Path)} {entry.Size} {entry.Place}"
                        + $"{(Convert.ToHexStringLower(entry.Digest) is var digest && digest == Hash ? "" : " " + digest)}"));
}
