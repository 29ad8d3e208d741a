using System.Diagnostics;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Signatures;

/// <summary>The programs themselves, on what gpg has signed.</summary>
public sealed class SignatureRunTests : IAsyncLifetime
{
    private const string Gpgv = "/usr/bin/gpgv";
    private const string Sqv = "/usr/bin/sqv";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("apt-p2p-signatures-");

    private static readonly byte[] Message = "Suite: stable\n"u8.ToArray();

    private string Home => _folder.FullName; // only this user's, as gpg wants it

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(FileOf("pubring.kbx")))
        {
            await RunAsync("gpgconf", "--homedir", Home, "--kill", "all"); // its agent lives in the folder
        }

        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(Gpgv)]
    [InlineData(Sqv)]
    public async Task Check_SignedByAKeyOfTheRing_Good(string program)
    {
        var key = await MakeKeyAsync("archive");
        Assert.Equal(
            ReleaseTrust.Good, await CheckAsync(program, Message, await SignAsync("archive"), new Keyring(key, [], IsComplete: true)));
    }

    [Theory]
    [InlineData(Gpgv, true)]
    [InlineData(Gpgv, false)]
    [InlineData(Sqv, true)]
    [InlineData(Sqv, false)]
    public async Task Check_AnotherText_Bad(string program, bool isComplete)
    {
        var key = await MakeKeyAsync("archive");
        var signature = await SignAsync("archive");
        Assert.Equal(
            ReleaseTrust.Bad, await CheckAsync(program, "Suite: forged\n"u8.ToArray(), signature, new Keyring(key, [], isComplete)));
    }

    [Theory]
    [InlineData(Gpgv, true, "Bad")]
    [InlineData(Gpgv, false, "Unknown")]
    [InlineData(Sqv, true, "Bad")]
    [InlineData(Sqv, false, "Unknown")]
    public async Task Check_SignedBySomebodyElse_AsCompleteAsTheRing(string program, bool isComplete, string expected)
    {
        var key = await MakeKeyAsync("archive");
        await MakeKeyAsync("another");
        Assert.Equal(
            expected, (await CheckAsync(program, Message, await SignAsync("another"), new Keyring(key, [], isComplete))).ToString());
    }

    [Theory]
    [InlineData(Gpgv)]
    [InlineData(Sqv)]
    public async Task Check_NoSignatureAtAll_Bad(string program)
    {
        var key = await MakeKeyAsync("archive");
        Assert.Equal(
            ReleaseTrust.Bad, await CheckAsync(program, Message, "no signature"u8.ToArray(), new Keyring(key, [], IsComplete: true)));
    }

    private Task<ReleaseTrust> CheckAsync(string program, byte[] message, byte[] signature, Keyring keyring) =>
        File.Exists(program)
            ? new SignatureProgram(program, program == Sqv).CheckAsync(
                _folder.CreateSubdirectory("check").FullName, message, signature, keyring, TimeProvider.System,
                TestContext.Current.CancellationToken)
            : throw Requirement.Missing($"there is no {program}");

    /// <returns>The public key.</returns>
    private async Task<byte[]> MakeKeyAsync(string name)
    {
        await GpgAsync("--passphrase", "", "--quick-gen-key", name, "ed25519", "sign");
        await GpgAsync("--output", FileOf(name + ".pgp"), "--export", name);
        return await File.ReadAllBytesAsync(FileOf(name + ".pgp"), TestContext.Current.CancellationToken);
    }

    private async Task<byte[]> SignAsync(string name)
    {
        await File.WriteAllBytesAsync(FileOf("text"), Message, TestContext.Current.CancellationToken);
        await GpgAsync("--local-user", name, "--output", FileOf(name + ".sig"), "--armor", "--detach-sign", FileOf("text"));
        return await File.ReadAllBytesAsync(FileOf(name + ".sig"), TestContext.Current.CancellationToken);
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private Task GpgAsync(params string[] arguments) =>
        RunAsync("gpg", ["--homedir", Home, "--batch", "--quiet", "--pinentry-mode", "loopback", .. arguments]);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw Requirement.Missing($"there is no {program}: {missing.Message}");
        }
    }
}
