using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace AptP2P.EndToEnd;

/// <summary>
/// Archives with broken indexes, signed all the same. apt must fare as it does without the daemon, and the next archive is served as if
/// nothing had been.
/// </summary>
public sealed class BadIndexTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Index_Garbage_FailsAsWithoutTheDaemon()
    {
        var noise = new byte[20_000];
        new Random(1).NextBytes(noise);
        await AssertUpdateFailsAsync(files => WriteBoth(files, noise));
    }

    [Fact]
    public async Task Index_TruncatedXz_FailsAsWithoutTheDaemon() => await AssertUpdateFailsAsync(files =>
    {
        File.Delete(Path.Combine(files, "Packages.gz"));
        var xz = Path.Combine(files, "Packages.xz");
        File.WriteAllBytes(xz, File.ReadAllBytes(xz)[..2000]);
    });

    [Fact]
    public async Task Index_NotTheOneThatReleaseNames_FailsAsWithoutTheDaemon()
    {
        await AssertUpdateFailsAsync(
            _ => { },
            root =>
            {
                foreach (
                    var file in Directory
                        .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                        .Where(file => !file.EndsWith("Release", StringComparison.Ordinal)))
                {
                    File.WriteAllBytes(file, RandomNumberGenerator.GetBytes((int)new FileInfo(file).Length));
                }
            });
    }

    [Fact]
    public async Task Stanza_WithoutSha256_IsPassedThrough()
    {
        var victim = Repository.Package("nn");
        await Repository.PublishAsync(Folder("edition"), text => Sha256Of(victim).Replace(text, ""));
        var mirror = await StartMirrorAsync(Folder("edition"));
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(victim.Name)).Succeeded(); // apt knows its SHA-512

        apt.AssertHas([victim]);
        await AssertStillServesAsync(daemon);
    }

    [Fact]
    public async Task Stanza_WithAnotherFilesHash_FailsAsWithoutTheDaemon()
    {
        var victim = Repository.Package("nn");
        var other = Repository.Package("oo");
        await Repository.PublishAsync(Folder("edition"), text => Sha256Of(victim).Replace(text, $"SHA256: {other.Sha256}\n"));
        var mirror = await StartMirrorAsync(Folder("edition"));
        var daemon = await StartDaemonAsync("daemon");
        var direct = NewApt("direct").WithSources(Repository.SourceLine(mirror.Address));
        var apt = NewApt("apt", daemon, mirror);

        (await direct.UpdateAsync()).Succeeded();
        (await apt.UpdateAsync()).Succeeded();
        foreach (var one in (AptRoot[])[direct, apt])
        {
            Assert.Contains("Hash Sum mismatch", (await one.DownloadAsync(victim.Name)).Failed().Output, StringComparison.Ordinal);
            (await one.DownloadAsync(other.Name)).Succeeded();
            one.AssertHas([other]);
        }

        await AssertStillServesAsync(daemon);
    }

    /// <summary>The update fails straight from the mirror and through the daemon alike.</summary>
    private async Task AssertUpdateFailsAsync(Action<string> editFiles, Action<string>? editAfterwards = null)
    {
        await Repository.PublishAsync(Folder("edition"), editFiles: editFiles);
        editAfterwards?.Invoke(Path.Combine(Folder("edition"), "dists"));
        var mirror = await StartMirrorAsync(Folder("edition"));
        var daemon = await StartDaemonAsync("daemon");

        (await NewApt("direct").WithSources(Repository.SourceLine(mirror.Address)).UpdateAsync()).Failed();
        (await NewApt("apt", daemon, mirror).UpdateAsync()).Failed();

        await AssertStillServesAsync(daemon);
    }

    private async Task AssertStillServesAsync(Daemon daemon)
    {
        var apt = NewApt("good", daemon, await StartMirrorAsync());
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        apt.AssertHas(Repository.Packages);
    }

    private static void WriteBoth(string folder, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(folder, "Packages.xz"), content);
        File.WriteAllBytes(Path.Combine(folder, "Packages.gz"), content);
    }

    private static Regex Sha256Of(RepositoryPackage package) => new($"^SHA256: {package.Sha256}\n", RegexOptions.Multiline);
}
