using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Databases;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Database;

public sealed class CatalogDatabaseTests : IDisposable
{
    private const string Suite = "http://deb.example/debian/dists/bookworm/";

    private readonly string _folder = Directory.CreateTempSubdirectory("catalog").FullName;

    private string File => Path.Combine(_folder, CatalogDatabase.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)] // the header
    [InlineData(4096)] // a page of the tree
    [InlineData(20_000)]
    public async Task Open_DamagedFile_IsSetAsideAndLearnedAgain(int at)
    {
        await FillAsync();
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Cancellation);
        bytes.AsSpan(at, 4000).Fill(0xa5);
        await System.IO.File.WriteAllBytesAsync(File, bytes, Cancellation);

        await FillAsync();
        Assert.Equal(bytes, await System.IO.File.ReadAllBytesAsync(File + ".damaged", Cancellation));
        using var test = new CatalogUnderTest(_folder);
        Assert.NotNull(test.Catalog.Identify(Origin("http://deb.example/debian/pool/5.deb")));
    }

    [Fact]
    public void Open_SomethingElse_IsSetAside()
    {
        System.IO.File.WriteAllText(File, "not a database, but long enough to be read as one".PadRight(8192));
        using var test = new CatalogUnderTest(_folder);
        Assert.True(System.IO.File.Exists(File + ".damaged"));
    }

    [Fact]
    public async Task Open_OfAnotherVersion_IsSetAside()
    {
        await FillAsync();
        using (var database = new CatalogUnderTest(_folder))
        {
            database.Database.Writer.Execute("PRAGMA user_version = 99");
        }

        using var test = new CatalogUnderTest(_folder);
        Assert.Null(test.Catalog.Identify(Origin("http://deb.example/debian/pool/5.deb")));
        Assert.True(System.IO.File.Exists(File + ".damaged"));
    }

    [Fact]
    public async Task Open_Undamaged_KeepsAll()
    {
        await FillAsync();
        using var test = new CatalogUnderTest(_folder);
        Assert.False(System.IO.File.Exists(File + ".damaged"));
        Assert.NotNull(test.Catalog.Identify(Origin("http://deb.example/debian/pool/5.deb")));
    }

    private async Task FillAsync()
    {
        using var test = new CatalogUnderTest(_folder);
        var result = await test.LearnAsync(
            Suite, "main/binary-amd64/Packages",
            Packages([.. Enumerable.Range(0, 1000).Select(number => ($"pool/{number}.deb", Hash($"{number}"), 1L))]));
        Assert.True(result.Outcome is LearnOutcome.Learned or LearnOutcome.Known);
    }
}
