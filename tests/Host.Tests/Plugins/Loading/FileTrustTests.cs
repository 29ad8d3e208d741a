using System.Diagnostics;
using AptP2P.Host.Plugins.Loading;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Plugins.Loading;

/// <summary>Whose files are loaded. A program in one folder, a plugin in another.</summary>
public sealed class FileTrustTests : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("file-trust");
    private readonly string _program;
    private readonly string _plugin;

    public FileTrustTests()
    {
        _program = Path.Combine(_root.CreateSubdirectory("program").FullName, "daemon.dll");
        _plugin = _root.CreateSubdirectory("added/Hello").FullName;
        Directory.CreateDirectory(Path.Combine(_plugin, "runtimes"));
        foreach (var file in new[] { _program, Dll, Native })
        {
            File.WriteAllText(file, "");
            File.SetUnixFileMode(file, ForAll);
        }

        foreach (
            var folder in new[]
            {
                Path.GetDirectoryName(_program)!,
                Path.Combine(_root.FullName, "added"),
                _plugin,
                Path.GetDirectoryName(Native)!,
            })
        {
            File.SetUnixFileMode(folder, ForAll);
        }
    }

    private string Dll => Path.Combine(_plugin, "Hello.dll");

    private string Native => Path.Combine(_plugin, "runtimes", "native.so");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void FindDoubt_OwnFiles_IsNone() => Assert.Null(new FileTrust(_program).FindDoubt(_plugin));

    [Theory]
    [InlineData("added", UnixFileMode.OtherWrite)]
    [InlineData("added/Hello", UnixFileMode.OtherWrite)]
    [InlineData("added/Hello/Hello.dll", UnixFileMode.OtherWrite)]
    [InlineData("added/Hello/runtimes", UnixFileMode.OtherWrite)]
    [InlineData("added/Hello/runtimes/native.so", UnixFileMode.OtherWrite)]
    public void FindDoubt_OfPathsOthersCouldChange_NamesThem(string path, UnixFileMode more)
    {
        var full = Path.Combine(_root.FullName, path);
        File.SetUnixFileMode(full, ForAll | more);

        Assert.StartsWith($"{full} can be written by others", new FileTrust(_program).FindDoubt(_plugin), StringComparison.Ordinal);
    }

    [Fact]
    public void FindDoubt_LinkToWhatOthersCouldChange_NamesThat()
    {
        var elsewhere = _root.CreateSubdirectory("elsewhere").FullName;
        File.SetUnixFileMode(elsewhere, ForAll | UnixFileMode.OtherWrite);
        File.WriteAllText(Path.Combine(elsewhere, "x.dll"), "");
        File.CreateSymbolicLink(Path.Combine(_plugin, "x.dll"), Path.Combine(elsewhere, "x.dll"));

        Assert.StartsWith($"{elsewhere} can be written by others", new FileTrust(_program).FindDoubt(_plugin), StringComparison.Ordinal);
    }

    [Fact]
    public void FindDoubt_StickyFolderAbove_IsNone()
    {
        File.SetUnixFileMode(Path.Combine(_root.FullName, "added"), ForAll | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);

        Assert.Null(new FileTrust(_program).FindDoubt(_plugin));
    }

    [Fact]
    public void FindDoubt_ProgramThatAllMayWrite_IsNone() // they need no plugin
    {
        File.SetUnixFileMode(_program, ForAll | UnixFileMode.OtherWrite);
        File.SetUnixFileMode(Dll, ForAll | UnixFileMode.OtherWrite);

        Assert.Null(new FileTrust(_program).FindDoubt(_plugin));
    }

    [Fact]
    public async Task FindDoubt_AnotherUsersFile_NamesIt()
    {
        await ChownAsync("1234", Dll);

        Assert.StartsWith($"{Dll} belongs to the user 1234", new FileTrust(_program).FindDoubt(_plugin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDoubt_FilesOfTheProgramsOwner_IsNone() // a source tree of a user's, run by root
    {
        await ChownAsync("1234", Path.GetDirectoryName(_program)!, Dll);

        Assert.Null(new FileTrust(_program).FindDoubt(_plugin));
    }

    private static async Task ChownAsync(string user, params string[] paths)
    {
        if (Environment.UserName != "root")
        {
            throw Requirement.Missing("only root can give files to somebody else");
        }

        using var chown = Process.Start("chown", [user, .. paths]);
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, chown.ExitCode);
    }
}
