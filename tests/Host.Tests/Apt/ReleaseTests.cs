using System.Text;
using AptP2P.Host.Apt;
using Xunit;

namespace AptP2P.Host.Tests.Apt;

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
        Assert.Equal(["main/binary-amd64/Packages.xz 10", "main/source/Sources.xz 5000000000"], release.Entries.Select(entry => $"{entry.Name} {entry.Size}"));
        Assert.Equal([16, 64], release.Entries[0].OtherDigests.Select(digest => digest.Length));
        Assert.Empty(release.Entries[1].OtherDigests); // its MD5 goes with another size
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
    [InlineData("Origin: Debian\nMD5Sum:\n d41d8cd98f00b204e9800998ecf8427e 1 a\n")]
    [InlineData("SHA256:\n e3b0 1 a\n")]
    [InlineData("SHA256:\n e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 1\n")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n-----BEGIN PGP SIGNATURE-----\n")]
    [InlineData("SHA256:\n e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 1 a\ngarbage\n")]
    public void TryRead_NoRelease_IsNothing(string text) => Assert.Null(Read(text));

    [Fact]
    public void TryRead_LargerThanAptTakes_IsNothing() => Assert.Null(Release.TryRead([.. Encoding.UTF8.GetBytes(Text), .. new byte[IndexLimits.ReleaseLength]]));

    [Fact]
    public void TryRead_MoreEntriesThanTheLimit_IsNothing()
    {
        var lines = string.Concat(Enumerable.Range(0, IndexLimits.ReleaseEntries + 1).Select(number => $" {Hash} 1 {number}\n"));
        Assert.Null(Read("SHA256:\n" + lines));
    }

    [Fact]
    public void TryRead_Damaged_IsNothingOrSound()
    {
        var random = new Random(2);
        foreach (var valid in (byte[][])[Encoding.UTF8.GetBytes(Text), Encoding.UTF8.GetBytes(Signed)])
        {
            for (var round = 0; round < 10_000; round++)
            {
                var release = Release.TryRead(Mutation.Of(valid, random));
                Assert.True(release is null || release.Entries.All(entry => entry.Size >= 0 && entry.Name.Length > 0 && entry.OtherDigests.Length <= 3));
            }
        }
    }

    private static Release? Read(string text) => Release.TryRead(Encoding.UTF8.GetBytes(text));
}
