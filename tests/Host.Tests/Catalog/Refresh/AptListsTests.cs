using System.IO.Compression;
using AptP2P.Host.Catalog.Refresh;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Refresh;

public sealed class AptListsTests : IDisposable
{
    private const string Prefix = "deb.example_debian_dists_bookworm_";

    private readonly CatalogUnderTest _test = new();
    private readonly string _folder;
    private readonly AptLists _lists;

    public AptListsTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_test.Folder, "lists")).FullName;
        _lists = Lists(_folder);
    }

    public void Dispose()
    {
        _lists.Dispose();
        _test.Dispose();
    }

    [Theory]
    [InlineData("http://deb.example/debian/pool/a.deb")]
    [InlineData("https://deb.example/debian/pool/a.deb")]
    public async Task ReadAsync_Lists_AreKnownUnderEachSchemeThatAptMayHaveUsed(string url)
    {
        Write(Prefix, Packages(("pool/a.deb", Hash("a"), 1)));
        Assert.Equal(1, await _lists.ReadAsync(Cancellation));
        Assert.Equal(Hash("a"), _test.Catalog.Identify(Origin(url))?.Hash);
        Assert.Null(_test.Catalog.Identify(Origin(url.Replace("example", "example:8080"))));
    }

    [Fact]
    public async Task ReadAsync_CompressedByApt_IsKnown()
    {
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        Write(Prefix, index, suffix: ".gz");
        Assert.Equal(1, await _lists.ReadAsync(Cancellation));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
    }

    [Fact]
    public async Task ReadAsync_FetchedThroughAProxyInPrefixForm_IsKnownAtItsOrigin()
    {
        Write("localhost:9977_" + Prefix, Packages(("pool/a.deb", Hash("a"), 1)));
        await _lists.ReadAsync(Cancellation);
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));
    }

    [Fact]
    public async Task ReadAsync_Unchanged_ReadsNothing()
    {
        Write(Prefix, Packages(("pool/a.deb", Hash("a"), 1)));
        Assert.Equal(1, await _lists.ReadAsync(Cancellation));
        Assert.Equal(0, await _lists.ReadAsync(Cancellation));
        using var restarted = Lists(_folder);
        Assert.Equal(0, await restarted.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task ReadAsync_Changed_LearnsTheNew()
    {
        Write(Prefix, Packages(("pool/a.deb", Hash("a"), 1)));
        await _lists.ReadAsync(Cancellation);
        Write(Prefix, Packages(("pool/bb.deb", Hash("b"), 1)));
        Assert.Equal(1, await _lists.ReadAsync(Cancellation));
        Assert.NotNull(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/bb.deb")));
    }

    [Fact]
    public async Task ReadAsync_IndexOlderThanItsRelease_IsLeftOutUntilItMatches()
    {
        var (old, current) = (Packages(("pool/a.deb", Hash("old"), 1)), Packages(("pool/a.deb", Hash("new!"), 1)));
        Write(Prefix, current);
        File.WriteAllBytes(Path.Combine(_folder, Prefix + "main_binary-amd64_Packages"), old);
        Assert.Equal(0, await _lists.ReadAsync(Cancellation));
        Assert.Null(_test.Catalog.Identify(Origin("http://deb.example/debian/pool/a.deb")));

        File.WriteAllBytes(Path.Combine(_folder, Prefix + "main_binary-amd64_Packages"), [.. current, .. "\n"u8]);
        Assert.Equal(0, await _lists.ReadAsync(Cancellation));
        File.WriteAllBytes(Path.Combine(_folder, Prefix + "main_binary-amd64_Packages"), current);
        Assert.Equal(1, await _lists.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task ReadAsync_LearnedAlreadyAsItPassed_IsNotReadAgain()
    {
        var index = Packages(("pool/a.deb", Hash("a"), 1));
        await _test.LearnAsync("http://deb.example/debian/dists/bookworm/", "main/binary-amd64/Packages", index);
        Write(Prefix, index);
        Assert.Equal(0, await _lists.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task ReadAsync_OtherFiles_AreLeftAlone()
    {
        foreach (var name in (string[])["lock", "no_such_InRelease", "deb.example_InRelease", Prefix + "main_binary-amd64_Packages"])
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name), "nothing of use", Cancellation);
        }

        Assert.Equal(0, await _lists.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task ReadAsync_NoFolder_LearnsNothing()
    {
        using var lists = Lists(Path.Combine(_folder, "missing"));
        Assert.Equal(0, await lists.ReadAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere")]
    public async Task ExecuteAsync_StoppedWhileItWaits_EndsWell(string folder)
    {
        using var lists = Lists(folder);
        await lists.StartAsync(Cancellation);
        await lists.StopAsync(Cancellation);
        Assert.False(lists.ExecuteTask!.IsFaulted);
    }

    /// <summary>What apt itself has on this machine: every package that it could install is known.</summary>
    [Fact]
    public async Task ReadAsync_ThisMachinesLists_KnowWhatAptKnows()
    {
        const string Real = "/var/lib/apt/lists";
        Assert.SkipUnless(Directory.Exists(Real) && Directory.GetFiles(Real, "*_Packages*").Length > 0, "apt on this machine has no lists");
        using var lists = Lists(Real);
        Assert.NotEqual(0, await lists.ReadAsync(Cancellation));

        using var apt = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("apt-get", ["--print-uris", "-y", "download", "dash", "libc6", "g++"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        var lines = (await apt.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await apt.WaitForExitAsync(Cancellation);
        Assert.SkipWhen(lines.Length == 0, "apt on this machine has no package to install");
        foreach (var fields in lines.Select(line => line.Split(' ')))
        {
            var content = _test.Catalog.Identify(Origin(fields[0].Trim('\'')));
            Assert.Equal($"{fields[2]} SHA256:{fields[3][7..]}", $"{content?.Length} SHA256:{content?.Hash}");
        }
    }

    private AptLists Lists(string folder) =>
        new(
            _test.Learning, _test.Suites, _test.Indexes, Options.Create(new AptListsOptions { AptLists = folder }), _test.Time,
            NullLogger<AptLists>.Instance);

    private void Write(string prefix, byte[] index, string suffix = "")
    {
        File.WriteAllBytes(
            Path.Combine(_folder, prefix + "InRelease"),
            Release(("main/binary-amd64/Packages", index), ("main/binary-amd64/Packages.xz", [1, .. index])));
        using var file = File.Create(Path.Combine(_folder, prefix + "main_binary-amd64_Packages" + suffix));
        using var text = suffix == ".gz" ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file;
        text.Write(index);
    }
}
