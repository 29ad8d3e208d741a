using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Signatures;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Archives;

/// <summary>A Release that apt would refuse: learned where there is nothing better, and never in a better one's place.</summary>
public sealed class TrustedArchivesTests : IDisposable
{
    private const string File = "pool/main/a/a_1_amd64.deb";
    private const string Url = "http://deb.example/debian/" + File;

    private static readonly byte[] Index = Packages((File, Hash("one"), 10));
    private static readonly byte[] Forged = Packages((File, Hash("two"), 10));

    private readonly CatalogUnderTest _test = new();

    private Content? Known => _test.Catalog.Identify(Origin(Url));

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData((int)ReleaseTrust.Unknown, true)]
    [InlineData((int)ReleaseTrust.Good, true)]
    [InlineData((int)ReleaseTrust.Bad, false)]
    public async Task Learn_ReleaseAndIndex_FilesAreKnownAndVouchedForOrNot(int trust, bool isVouchedFor)
    {
        Assert.Equal(LearnOutcome.Learned, await LearnAsync(Index, (ReleaseTrust)trust));

        Assert.Equal(Hash("one"), Known!.Hash);
        Assert.Equal(isVouchedFor, _test.Trust.IsVouchedFor(Known));
        var byHash = _test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(Index)}"));
        Assert.Equal(isVouchedFor, _test.Trust.IsVouchedFor(byHash!));
        Assert.Equal(!isVouchedFor, _test.Trust.HasDistrusted);
    }

    [Fact]
    public async Task Learn_BadAfterABetterOne_NothingOfIt()
    {
        await LearnAsync(Index, ReleaseTrust.Unknown);

        Assert.Equal(LearnOutcome.Unnamed, await LearnAsync(Forged, ReleaseTrust.Bad));

        Assert.Equal(Hash("one"), Known!.Hash);
        Assert.False(_test.Trust.HasDistrusted);
    }

    [Fact]
    public async Task Learn_ABetterOneAfterBad_NothingOfTheBadOneIsLeft()
    {
        await LearnAsync(Forged, ReleaseTrust.Bad);
        var release = Release((IndexName, Index));

        await _test.Learning.LearnReleaseAsync(Path, release, ReleaseTrust.Good, settles: false, Cancellation);

        Assert.Null(Known);
        Assert.Null(_test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(Forged)}")));
        Assert.False(_test.Trust.HasDistrusted);
    }

    [Theory]
    [InlineData((int)ReleaseTrust.Unknown, false)]
    [InlineData((int)ReleaseTrust.Good, true)] // nobody has forged that
    public async Task Learn_WhatSettlesADoubt_ReplacesAllButWhatIsSigned(int trust, bool isKept)
    {
        await LearnAsync(Index, (ReleaseTrust)trust);

        await _test.Learning.LearnReleaseAsync(
            Path, Release("Date: Fri, 1 Jan 1999 00:00:00 UTC\n", (IndexName, Forged)), ReleaseTrust.Unknown, settles: true, Cancellation);

        Assert.Equal(
            isKept, _test.Catalog.Identify(Origin($"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(Index)}")) is not null);
    }

    [Fact]
    public async Task Learn_TheSameReleaseWithABetterVerdict_IsVouchedFor()
    {
        await LearnAsync(Index, ReleaseTrust.Bad);

        await LearnAsync(Index, ReleaseTrust.Good);

        Assert.True(_test.Trust.IsVouchedFor(Known!));
    }

    [Fact]
    public async Task IsVouchedFor_AnotherArchiveNamesItToo_ItIs()
    {
        await LearnAsync(Index, ReleaseTrust.Bad);
        await _test.LearnAsync("http://other.example/debian/dists/bookworm/", IndexName, Index);

        var both = new Content(Hash("one"), 10, [Origin(Url), Origin("http://other.example/debian/" + File)]);

        Assert.True(_test.Trust.IsVouchedFor(both));
    }

    private static ArchivePath Path =>
        ArchivePath.TryParse(Origin(Suite + "InRelease"), out var path, out _) ? path : throw new InvalidOperationException();

    private async Task<LearnOutcome> LearnAsync(byte[] index, ReleaseTrust trust)
    {
        var result = await _test.Learning.LearnReleaseAsync(Path, Release((IndexName, index)), trust, settles: false, Cancellation);
        await _test.LearnIndexAsync(Suite + IndexName, index);
        return result.Outcome;
    }
}
