using AptP2P.Host.Catalog.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Metadata;

/// <summary>What becomes the copy for an outage: nothing older, cut off, or from the future.</summary>
public sealed class MetadataKeepingTests : IDisposable
{
    private readonly CatalogUnderTest _test = new();
    private readonly MetadataCopies _copies;
    private readonly MetadataKeeping _keeping;

    public MetadataKeepingTests()
    {
        _copies = new MetadataCopies(_test.Folder, NullLogger<MetadataCopies>.Instance);
        _keeping = _test.Keeping(_copies);
    }

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(0, "a", "kept")] // the same once more
    [InlineData(0, "b", "notkept")] // of the same second: who would make it then?
    [InlineData(1, "b", "kept")]
    [InlineData(-1, "b", "older")]
    [InlineData(24 * 60, "b", "kept")] // clocks differ
    [InlineData(25 * 60, "b", "notkept")]
    public async Task Keep_AnotherInRelease_ByItsDate(int minutesLater, string content, string expected)
    {
        await KeepAsync(Dated(0, "a"));

        var kept = await KeepAsync(Dated(minutesLater, content));

        Assert.Equal(expected, kept.ToString().ToLowerInvariant());
        Assert.Equal(kept == KeepOutcome.Kept ? Dated(minutesLater, content) : Dated(0, "a"), Copy());
    }

    [Fact]
    public async Task Keep_CutOff_IsNoCopy()
    {
        await KeepAsync(Dated(0, "a"));

        Assert.Equal(KeepOutcome.NotKept, await KeepAsync(Dated(1, "b")[..^30]));

        Assert.Equal(Dated(0, "a"), Copy());
    }

    [Fact]
    public async Task Keep_WithoutADateAfterOneWith_IsNoCopy() // nobody could tell what is older any more
    {
        await KeepAsync(Dated(0, "a"));

        Assert.Equal(KeepOutcome.NotKept, await KeepAsync(InRelease(Release(("b", [1])))));

        Assert.Equal(Dated(0, "a"), Copy());
    }

    [Fact]
    public async Task Keep_AnotherOfTheSameDateForLong_IsBelieved()
    {
        await KeepAsync(Dated(0, "a"));
        Assert.Equal(KeepOutcome.NotKept, await KeepAsync(Dated(0, "b")));
        _test.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(KeepOutcome.NotKept, await KeepAsync(Dated(0, "b")));
        Assert.Equal(KeepOutcome.Kept, await KeepAsync(Dated(0, "a"))); // the archive says something else: it begins anew
        Assert.Equal(KeepOutcome.NotKept, await KeepAsync(Dated(0, "b")));
        _test.Time.Advance(TimeSpan.FromMinutes(60));

        Assert.Equal(KeepOutcome.Kept, await KeepAsync(Dated(0, "b")));
        Assert.Equal(Dated(0, "b"), Copy());
    }

    [Fact]
    public async Task Keep_OlderForLong_IsBelieved()
    {
        await KeepAsync(Dated(0, "a"));
        Assert.Equal(KeepOutcome.Older, await KeepAsync(Dated(-1, "b")));
        _test.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(KeepOutcome.Older, await KeepAsync(Dated(-1, "b")));
        _test.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(KeepOutcome.Kept, await KeepAsync(Dated(-1, "b")));
    }

    [Fact]
    public async Task Keep_OlderAndNewerInTurn_TheOlderIsNeverBelieved() // mirrors behind one name
    {
        await KeepAsync(Dated(0, "a"));
        for (var hour = 0; hour < 4; hour++)
        {
            Assert.Equal(KeepOutcome.Older, await KeepAsync(Dated(-1, "b")));
            _test.Time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(KeepOutcome.Kept, await KeepAsync(Dated(0, "a")));
        }
    }

    [Fact]
    public async Task Keep_SignatureOfAnOlderRelease_GoesTheSameWay()
    {
        await KeepAsync(Dated(0, "a", isSigned: false), "Release");
        await KeepAsync("-----BEGIN PGP SIGNATURE-----\n1"u8.ToArray(), "Release.gpg");
        Assert.Equal(KeepOutcome.Older, await KeepAsync(Dated(-1, "b", isSigned: false), "Release"));

        Assert.Equal(KeepOutcome.Older, await KeepAsync("-----BEGIN PGP SIGNATURE-----\n2"u8.ToArray(), "Release.gpg"));

        Assert.Equal(KeepOutcome.Kept, await KeepAsync(Dated(1, "c", isSigned: false), "Release"));
        Assert.Equal(KeepOutcome.Kept, await KeepAsync("-----BEGIN PGP SIGNATURE-----\n3"u8.ToArray(), "Release.gpg"));
    }

    [Theory]
    [InlineData(-60, "b")]
    [InlineData(0, "b")]
    [InlineData(60, "b")]
    [InlineData(0, "a")] // it was right
    public async Task Keep_WhatSettlesADoubt_IsTheCopyWhateverItsDate(int minutesLater, string content)
    {
        await KeepAsync(Dated(0, "a"));
        await KeepAsync(Dated(-1, "c")); // held back

        Assert.Equal(KeepOutcome.Kept, await KeepAsync(Dated(minutesLater, content), settles: true));

        Assert.Equal(Dated(minutesLater, content), Copy());
    }

    [Fact]
    public async Task Keep_WhatSettlesADoubtIsNotWhole_NoCopyIsLeft()
    {
        await KeepAsync(Dated(0, "a"));

        Assert.Equal(KeepOutcome.NotKept, await KeepAsync(Release(("b", [1])), settles: true));

        Assert.Null(_copies.Open(Origin(Suite + "InRelease")));
    }

    private byte[] Copy()
    {
        using var body = _copies.Open(Origin(Suite + "InRelease"))!.Body;
        return body.ReadAll();
    }

    private async Task<KeepOutcome> KeepAsync(byte[] text, string name = "InRelease", bool settles = false)
    {
        await using var draft = _copies.Begin(
            Origin(Suite + name), new MetadataHeaders { Date = _test.Time.GetUtcNow() }, hasAuthorization: false);
        await draft!.WriteAsync(text, Cancellation);
        return (await _keeping.KeepAsync(draft, settles, Cancellation)).Kept;
    }
}
