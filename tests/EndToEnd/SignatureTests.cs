using System.Globalization;
using System.Text.RegularExpressions;

namespace AptP2P.EndToEnd;

/// <summary>A Release that apt would refuse, on a machine that has the archive's keys: apt hears of it, and nobody after it.</summary>
public sealed partial class SignatureTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Theory]
    [InlineData("InRelease", "Auto", true)]
    [InlineData("InRelease", "Warn", false)]
    [InlineData("Release", "Auto", true)]
    public async Task Update_ForgedAndThenTheMirrorIsDown_TheGoodCopyServesOn(string file, string mode, bool isRefused)
    {
        var root = Folder("archive");
        await Repository.PublishAsync(root);
        var suite = Path.Combine(root, "dists", SignedRepository.Suite);
        if (file == "Release")
        {
            File.Delete(Path.Combine(suite, "InRelease"));
        }

        var mirror = await StartMirrorAsync(root);
        var daemon = await StartDaemonAsync("daemon", $"--Catalog:AptSources={Sources(mirror)}", $"--Catalog:Signatures={mode}");
        (await NewApt("first", daemon, mirror).UpdateAsync()).Succeeded();
        Forge(Path.Combine(suite, file));

        Assert.NotEqual(0, (await NewApt("second", daemon, mirror).UpdateAsync()).ExitCode); // as without the daemon
        await mirror.StopAsync();
        var third = await NewApt("third", daemon, mirror).UpdateAsync();

        Assert.Equal(isRefused, third.ExitCode == 0);
        await daemon.SaysAsync("is not signed as apt wants it");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Install_FromAnArchive_AptIsServedAndItIsAnnouncedIfSigned(bool isSigned)
    {
        var root = Folder("archive");
        await Repository.PublishAsync(root);
        var suite = Path.Combine(root, "dists", SignedRepository.Suite);
        if (!isSigned)
        {
            File.Delete(Path.Combine(suite, "InRelease"));
            File.Delete(Path.Combine(suite, "Release.gpg"));
        }

        var mirror = await StartMirrorAsync(root);
        var daemon = await StartDaemonAsync("daemon", $"--Catalog:AptSources={Sources(mirror)}");
        var apt = NewApt("apt").WithSources($"[trusted=yes] {Through(daemon, mirror)}debian {SignedRepository.Suite} main");

        await apt.InstallAllAsync(Repository, daemon);

        apt.AssertHas(Repository.Packages);
        mirror.Forget();
        apt.ForgetArchives();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        Assert.Equal(0, mirror.BytesSent(".deb")); // learned all the same
        if (isSigned)
        {
            await daemon.AnnouncesAsync();
        }
        else
        {
            Assert.Equal(0, (await daemon.StatusAsync())["dht"]!["announced"]!.GetValue<int>());
        }
    }

    /// <summary>apt's configuration of a machine that asks the mirror itself for this archive, and has its key.</summary>
    private string Sources(Mirror mirror)
    {
        var folder = Directory.CreateDirectory(Folder("etc-apt")).FullName;
        File.WriteAllText(Path.Combine(folder, "sources.list"), $"deb {Repository.SourceLine(mirror.Address)}\n");
        return folder;
    }

    /// <summary>Another's word, of a later date: by its date alone it would be the better one.</summary>
    private static void Forge(string file)
    {
        var text = File.ReadAllText(file).Replace("Origin: Test", "Origin: Evil", StringComparison.Ordinal);
        File.WriteAllText(
            file,
            Date()
                .Replace(text, date =>
                    $"Date: {DateTime.Parse(date.Groups[1].Value, CultureInfo.InvariantCulture).AddMinutes(1):ddd, dd MMM yyyy HH:mm:ss} "
                    + "UTC"));
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddMinutes(1));
    }

    [GeneratedRegex("^Date: (.*) (?:UTC|\\+0000)$", RegexOptions.Multiline)]
    private static partial Regex Date();
}
