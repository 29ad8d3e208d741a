using System.Text;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Releases;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Releases;

public sealed class ReleaseTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Md5 = "d41d8cd98f00b204e9800998ecf8427e";
    private static readonly string Sha512 = new('a', 128);

    private static readonly string Text = $"""
        Origin: Debian
        Date: Fri, 20 Nov 2026  2:27:59 UTC
        Acquire-By-Hash: yes
        MD5Sum:
         {Md5}       10 main/binary-amd64/Packages.xz
         {Md5}       99 main/source/Sources.xz
         {Md5}       10 only/weak
        SHA256:
         {Hash}       10 main/binary-amd64/Packages.xz
         {Hash} 5000000000 main/source/Sources.xz
        SHA512:
         {Sha512}       10 main/binary-amd64/Packages.xz

        """;

    private static readonly string Signed = $"""
        -----BEGIN PGP SIGNED MESSAGE-----
        Hash: SHA256

        - -----Dashed: yes
        {Text.TrimEnd()}
        -----BEGIN PGP SIGNATURE-----

        iQIzBAEBCAAdFiEE
         {Hash} 1 in/the/signature
        -----END PGP SIGNATURE-----

        """;

    [Fact]
    public void TryRead_Release_NamesWhatHasASha256()
    {
        var release = Read(Text)!;
        Assert.True(release.AcquireByHash);
        Assert.Equal(
            ["main/binary-amd64/Packages.xz 10", "main/source/Sources.xz 5000000000"],
            release.Entries.Select(entry => $"{entry.Name} {entry.Size}"));
        Assert.Equal([16, 64], release.Entries[0].OtherDigests.Select(digest => digest.Length));
        Assert.Empty(release.Entries[1].OtherDigests); // its MD5 goes with another size
        Assert.Equal(["only/weak 10 16"], release.Unproven.Select(Describe));
        Assert.False(release.IsFlat);
    }

    [Fact]
    public void TryRead_InRelease_IsReadInsideItsArmor()
    {
        Assert.Equal(Read(Text)!.Entries.Select(entry => entry.Name), Read(Signed)!.Entries.Select(entry => entry.Name));
        Assert.Equal(2, Read(Signed.Replace("\n", "\r\n"))!.Entries.Length);
    }

    [Fact]
    public void TryRead_NoByHash_SaysSo() => Assert.False(Read(Text.Replace("yes", "no"))!.AcquireByHash);

    [Theory]
    [InlineData("")]
    [InlineData("<html>Sign in</html>")]
    [InlineData("<html>\n<a href='http://portal.example/'>Sign in</a>\n</html>")]
    [InlineData("\n\n")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n-----BEGIN PGP SIGNATURE-----\n")]
    public void TryRead_NoRelease_IsNothing(string text) => Assert.Null(Read(text));

    [Fact]
    public void TryRead_LargerThanAptTakes_IsNothing() =>
        Assert.Null(Release.TryRead([.. Encoding.UTF8.GetBytes(Text), .. new byte[ReadingLimits.ReleaseLength]]));

    [Fact]
    public void TryRead_MoreEntriesThanTheLimit_IsNothing()
    {
        var lines = string.Concat(Enumerable.Range(0, ReadingLimits.ReleaseEntries + 1).Select(number => $" {Hash} 1 {number}\n"));
        Assert.Null(Read("SHA256:\n" + lines));
    }

    [Theory]
    [InlineData("MD5Sum", Md5, "a 7 16")]
    [InlineData("SHA1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "a 7 20")]
    public void TryRead_WeakDigestsOnly_AreToBeProven(string field, string digest, string expected)
    {
        var release = Read($"Origin: o\n{field}:\n {digest} 7 a\n")!;
        Assert.Empty(release.Entries);
        Assert.Equal([expected], release.Unproven.Select(Describe));
    }

    [Fact]
    public void TryRead_SeveralDigestsWithoutSha256_GoWithTheSizeOfTheStrongest() =>
        Assert.Equal(
            ["a 7 64", "b 8 16+64"],
            Read($"MD5Sum:\n {Md5} 9 a\n {Md5} 8 b\nSHA512:\n {Sha512} 7 a\n {Sha512} 8 b\n")!.Unproven.Select(Describe));

    [Theory]
    [InlineData("Packages.xz", true)]
    [InlineData("./Packages", true)]
    [InlineData("Sources.gz", true)]
    [InlineData("main/binary-amd64/Packages", false)]
    [InlineData("Packages.diff/Index", false)]
    [InlineData("Contents-amd64.gz", false)]
    public void TryRead_IndexBesideIt_IsFlat(string name, bool isFlat) =>
        Assert.Equal(isFlat, Read($"SHA256:\n {Hash} 1 {name}\n")!.IsFlat);

    // Each is taken by apt: no line of them may cost another.
    [Theory]
    [InlineData("\ufeffOrigin: o\nSHA256:\n HASH 1 a\n")]
    // the unindented line costs the next field there, but this must not depend on it
    [InlineData("Description: o\nand more of it\nSHA256:\n HASH 1 a\n")]
    [InlineData("Description : o\nSha256 :\n HASH 1 a\n")]
    [InlineData("Home page: o\nsha256:\n\tHASH\t\t1\ta \n")]
    [InlineData("SHA256: HASH 1 a\n")]
    [InlineData("SHA256:\n HASH 1 a and more of it\n")]
    [InlineData("SHA256:\n e3b0 1 b\n HASH 1\n HASH x c\n HASH 001 a\n")]
    [InlineData("SHA256:\n HASH 1 a\n \nDescription: the line of one blank ends nothing\n")]
    [InlineData("SHA256:\r\n HASH 1 a\r\n\r\nSHA256:\r\n HASH 1 b\r\n")]
    [InlineData("\n\nSHA256:\n HASH 1 a")]
    [InlineData(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nSHA256:\n HASH 1 a  \n\t\nSHA256:\n HASH 1 b\n-----BEGIN PGP SIGNATURE-----\n"
    )]
    public void TryRead_OddLines_CostNoOther(string text) =>
        Assert.Equal(["a 1"], Read(text.Replace("HASH", Hash.ToUpperInvariant()))!.Entries.Select(entry => $"{entry.Name} {entry.Size}"));

    [Theory]
    [InlineData("Origin: o\nSuite: s\n")]
    [InlineData("Suite: s\n\nSHA256:\n HASH 1 a\n")]
    [InlineData("SHA256:\n e3b0 1 a\n")]
    public void TryRead_NoDigest_NamesNothing(string text)
    {
        var release = Read(text.Replace("HASH", Hash))!;
        Assert.Empty(release.Entries);
        Assert.Empty(release.Unproven);
    }

    [Theory]
    [InlineData("Acquire-By-Hash: true", true)]
    [InlineData("acquire-by-hash : 1", true)]
    [InlineData("Acquire-By-Hash: force", false)]
    public void TryRead_ByHash_IsReadAsAptDoes(string line, bool expected) => Assert.Equal(expected, Read(line + "\n")!.AcquireByHash);

    [Fact]
    public void TryRead_Damaged_IsNothingOrSound()
    {
        var random = new Random(2);
        foreach (var valid in (byte[][])[Encoding.UTF8.GetBytes(Text), Encoding.UTF8.GetBytes(Signed)])
        {
            for (var round = 0; round < 10_000; round++)
            {
                var release = Release.TryRead(Mutation.Of(valid, random));
                Assert.True(
                    release is null
                        || release.Entries.All(entry => entry.Size >= 0 && entry.Name.Length > 0 && entry.OtherDigests.Length <= 3));
                Assert.True(
                    release is null
                        || release.Unproven.All(entry => entry.Size >= 0 && entry.Name.Length > 0 && entry.Digests.Length is > 0 and <= 3));
            }
        }
    }

    private static string Describe(UnprovenEntry entry) =>
        $"{entry.Name} {entry.Size} {string.Join('+', entry.Digests.Select(digest => digest.Length))}";

    private static Release? Read(string text) => Release.TryRead(Encoding.UTF8.GetBytes(text));
}
