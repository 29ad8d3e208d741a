using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Metadata;

public sealed class MetadataCopiesTests : IDisposable
{
    private const string Suite = "http://deb.example/debian/dists/bookworm/";
    private static readonly byte[] Text = InRelease(Release(("Packages", [1])));

    private readonly CatalogUnderTest _test = new();

    private static MetadataHeaders Headers =>
        new()
        {
            Date = DateTimeOffset.UnixEpoch,
            LastModified = DateTimeOffset.UnixEpoch.AddDays(-1),
            ETag = "\"a\"",
            ContentType = "text/plain; charset=\"x\"",
        };

    private string Folder => Path.Combine(_test.Folder, "metadata");

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task KeepAsync_InRelease_IsACopyAfterRestart()
    {
        Assert.Equal(LearnOutcome.Learned, await KeepAsync("InRelease", Text));
        await using var copy = Copies().Open(Origin(Suite + "./InRelease"));
        Assert.Equal(
            Headers with
            {
                Url = Suite.Replace("example", "example:80") + "InRelease",
                Sha256 = ContentHash.Of(Text).ToString(),
            },
            copy!.Headers);
        Assert.Equal(Text.Length, copy.Body.Range.Length);
        Assert.Equal(Text, Read(copy));
        Assert.True(_test.Catalog.IsMetadata(Origin(Suite + "Packages")));
    }

    [Fact]
    public async Task KeepAsync_AnotherOne_ReplacesIt()
    {
        await KeepAsync("InRelease", Text);
        var newer = InRelease(Release(("Packages", [2])));
        await KeepAsync("InRelease", newer);
        await using var copy = Copies().Open(Origin(Suite + "InRelease"));
        Assert.Equal(newer, Read(copy!));
    }

    [Theory]
    [InlineData("InRelease", "<html>Sign in</html>")]
    [InlineData("Release.gpg", "<html>Sign in</html>")]
    [InlineData("Packages", "Package: not what Release says\n")]
    [InlineData("anything", "else")]
    public async Task KeepAsync_NotWhatItsNameSays_KeepsTheLastGoodCopy(string name, string text)
    {
        await KeepAsync("InRelease", Text);
        Assert.DoesNotContain(
            await KeepAsync(name, System.Text.Encoding.UTF8.GetBytes(text)), new[] { LearnOutcome.Learned, LearnOutcome.Known });
        await using var copy = Copies().Open(Origin(Suite + "InRelease"));
        Assert.Equal(Text, Read(copy!));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task KeepAsync_Signature_IsACopy()
    {
        await KeepAsync("Release.gpg", "-----BEGIN PGP SIGNATURE-----\n"u8.ToArray());
        await using var copy = Copies().Open(Origin(Suite + "Release.gpg"));
        Assert.NotNull(copy);
    }

    [Fact]
    public async Task KeepAsync_PlainIndex_IsLearnedAndNoCopy() // the store has it under its hash
    {
        await KeepAsync("InRelease", Text);
        Assert.Contains(await KeepAsync("Packages", [1]), new[] { LearnOutcome.NoIndex, LearnOutcome.Damaged });
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task KeepAsync_LargerThanTheLimit_IsNotKept()
    {
        Assert.Equal(LearnOutcome.Failed, await KeepAsync("InRelease", [.. Text, .. new byte[MetadataCopies.MaxLength]]));
        Assert.Null(Copies().Open(Origin(Suite + "InRelease")));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Begin_RequestWithAuthorization_IsNotKept() =>
        Assert.Null(Copies().Begin(Origin(Suite + "InRelease"), Headers, hasAuthorization: true));

    [Theory]
    [InlineData("https://deb.example/debian/dists/bookworm/InRelease")]
    [InlineData("http://deb.example:8080/debian/dists/bookworm/InRelease")]
    [InlineData("http://deb.example/debian/dists/sid/InRelease")]
    [InlineData("http://deb.example/debian/dists/bookworm/%00")]
    public async Task Open_AnotherFile_IsNone(string url)
    {
        await KeepAsync("InRelease", Text);
        Assert.Null(Copies().Open(Origin(url)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no header")]
    [InlineData("{}\nbody")]
    [InlineData("{\"Date\":\"2026-01-01T00:00:00Z\",\"Url\":\"http://other/\"}\nbody")]
    [InlineData("null\nbody")]
    public async Task Open_DamagedCopy_IsNoneAndGone(string content)
    {
        await KeepAsync("InRelease", Text);
        var file = Assert.Single(Directory.GetFiles(Folder));
        await File.WriteAllTextAsync(file, content, Cancellation);
        Assert.Null(Copies().Open(Origin(Suite + "InRelease")));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Constructor_DraftsOfAKilledRun_AreDeleted()
    {
        _ = Copies();
        File.WriteAllText(Path.Combine(Folder, "draft-1"), "half");
        _ = Copies();
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task KeepAsync_MoreCopiesThanTheLimit_DropsTheOldest()
    {
        _ = Copies();
        for (var number = 0; number < MetadataCopies.MaxCopies; number++)
        {
            var file = Path.Combine(Folder, $"{number}.copy");
            await File.WriteAllTextAsync(file, "", Cancellation);
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(number));
        }

        await KeepAsync("InRelease", Text);
        Assert.InRange(Directory.GetFiles(Folder).Length, MetadataCopies.MaxCopies * 8 / 10, MetadataCopies.MaxCopies);
        Assert.False(File.Exists(Path.Combine(Folder, "0.copy")));
    }

    private static byte[] Read(MetadataCopy copy)
    {
        return copy.Body.ReadAll();
    }

    private MetadataCopies Copies() => new(_test.Folder, NullLogger<MetadataCopies>.Instance);

    private async Task<LearnOutcome> KeepAsync(string name, byte[] text)
    {
        var copies = Copies();
        await using var draft = copies.Begin(Origin(Suite + name), Headers, hasAuthorization: false);
        await draft!.WriteAsync(text.AsMemory(0, text.Length / 2), Cancellation);
        await draft.WriteAsync(text.AsMemory(text.Length / 2), Cancellation);
        return (await _test.Keeping(copies).KeepAsync(draft, settles: false, Cancellation)).Learned.Outcome;
    }
}
