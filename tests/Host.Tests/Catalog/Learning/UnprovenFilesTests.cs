using System.Security.Cryptography;
using System.Text;
using AptP2P.Host.Catalog.Learning;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Learning;

/// <summary>What an archive names without a SHA-256 is known once it has passed.</summary>
public sealed class UnprovenFilesTests : IDisposable
{
    private const string Index = Suite + IndexName;
    private const string Deb = "http://deb.example/debian/pool/a.deb";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("a package");
    private static readonly byte[] Named = Packages(("pool/a.deb", ContentHash.Of(Body), Body.Length));

    private readonly CatalogUnderTest _test = new();
    private readonly PassingFiles _passing;

    public UnprovenFilesTests() => _passing = new PassingFiles(_test);

    public void Dispose()
    {
        _passing.Dispose();
        _test.Dispose();
    }

#pragma warning disable CA5350, CA5351 // archives have them
    private static string Md5(byte[] bytes) => Convert.ToHexString(MD5.HashData(bytes));

    private static string Sha1(byte[] bytes) => Convert.ToHexString(SHA1.HashData(bytes));
#pragma warning restore CA5350, CA5351

    private static string Sha512(byte[] bytes) => Convert.ToHexString(SHA512.HashData(bytes));

    [Theory]
    [InlineData("MD5Sum", "main/binary-amd64/Packages")]
    [InlineData("SHA1", "main/binary-amd64/Packages")]
    [InlineData("SHA512", "main/binary-amd64/Packages")]
    [InlineData("SHA512", "main/binary-amd64/by-hash/SHA512/")]
    [InlineData("MD5Sum", "main/binary-amd64/by-hash/MD5Sum/")]
    public async Task Prove_IndexThatReleaseNamesByAnotherDigest_ItsFilesAreKnown(string kind, string path)
    {
        await LearnReleaseAsync(kind, Named);
        Assert.NotNull(_passing.Unproven.Find(Origin(Index)));
        Assert.Null(_test.Catalog.Identify(Origin(Deb)));

        var proven = await _passing.PassAsync(Suite + (path.EndsWith('/') ? path + DigestOf(kind, Named) : path), Named);

        Assert.Equal((ContentHash.Of(Named), (long)Named.Length), (proven!.Hash, proven.Length));
        Assert.Equal(ContentHash.Of(Body), _test.Catalog.Identify(Origin(Deb))?.Hash);
        Assert.Equal(ContentHash.Of(Named), _test.Catalog.Identify(Origin(Index))?.Hash);
        Assert.Equal(
            ContentHash.Of(Named),
            _test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/{kind}/{DigestOf(kind, Named)}"))?.Hash);
        Assert.Null(_passing.Unproven.Find(Origin(Index)));
    }

    [Fact]
    public async Task Prove_AnotherBodyOfTheSameLength_ProvesNothing()
    {
        await LearnReleaseAsync("MD5Sum", Named);
        var other = Named.ToArray();
        other[10] ^= 1;
        Assert.Null(await _passing.PassAsync(Index, other));
        Assert.Null(await _passing.PassAsync(Index, Named[1..]));
        Assert.Null(_test.Catalog.Identify(Origin(Deb)));
        Assert.NotNull(_passing.Unproven.Find(Origin(Index)));
    }

    [Fact]
    public async Task Prove_NextReleaseNamesTheSame_IsKnownAtOnce()
    {
        await LearnReleaseAsync("MD5Sum", Named);
        await _passing.PassAsync(Index, Named);
        await LearnReleaseAsync("MD5Sum", Named, "Version: 2\n");
        Assert.Null(_passing.Unproven.Find(Origin(Index)));
        Assert.Equal(ContentHash.Of(Body), _test.Catalog.Identify(Origin(Deb))?.Hash);
        Assert.Equal(ContentHash.Of(Named), _test.Catalog.Identify(Origin(Index))?.Hash);
    }

    [Fact]
    public async Task Prove_PackageBySha512_IsKnownAndStaysSo()
    {
        var stanza = $"Package: a\nFilename: pool/a.deb\nSize: {Body.Length}\nSHA512: {Sha512(Body)}\n\n";
        await _test.LearnAsync(Suite, IndexName, Encoding.UTF8.GetBytes(stanza));
        Assert.Null(_test.Catalog.Identify(Origin(Deb)));

        Assert.Null(await _passing.PassAsync(Deb, "something else"u8.ToArray()));
        Assert.Equal(ContentHash.Of(Body), (await _passing.PassAsync(Deb, Body))?.Hash);

        Assert.Equal(
            (ContentHash.Of(Body), (long)Body.Length),
            (_test.Catalog.Identify(Origin(Deb))?.Hash, _test.Catalog.Identify(Origin(Deb))?.Length));
        await _test.LearnAsync(
            Suite, IndexName, Encoding.UTF8.GetBytes(stanza + "Package: b\nFilename: pool/b.deb\nSize: 1\nSHA256: " + Hash("b") + "\n"));
        Assert.Equal(ContentHash.Of(Body), _test.Catalog.Identify(Origin(Deb))?.Hash);
        await _test.LearnAsync(Suite, IndexName, Encoding.UTF8.GetBytes(stanza.Replace("SHA", "XSHA")));
        Assert.Null(_test.Catalog.Identify(Origin(Deb)));
    }

    [Fact]
    public async Task Prune_WhatIsNotNamedAnyMore_IsForgotten()
    {
        await _test.LearnAsync(
            Suite, IndexName, Encoding.UTF8.GetBytes($"Package: a\nFilename: pool/a.deb\nSize: 9\nSHA512: {Sha512(Body)}\n"));
        await _test.LearnAsync(Suite, IndexName, Named);
        await _test.Pruning.PruneAsync(DateTimeOffset.UnixEpoch, Cancellation);
        Assert.Null(_passing.Unproven.Find(Origin(Deb)));
    }

    private static string DigestOf(string kind, byte[] bytes) =>
        (
            kind switch
            {
                "MD5Sum" => Md5(bytes),
                "SHA1" => Sha1(bytes),
                _ => Sha512(bytes),
            }
        ).ToLowerInvariant();

    private Task<LearnResult> LearnReleaseAsync(string kind, byte[] index, string fields = "") =>
        _test.Learning.LearnReleaseAsync(
            Origin(Suite + "InRelease"),
            Encoding.UTF8.GetBytes(
                $"Suite: test\nAcquire-By-Hash: yes\n{fields}{kind}:\n {DigestOf(kind, index)} {index.Length} {IndexName}\n"),
            Cancellation);
}
