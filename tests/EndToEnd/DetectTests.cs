using System.Reflection;

namespace AptP2P.EndToEnd;

/// <summary>packaging/detect, which tells apt whether to ask the daemon.</summary>
public sealed class DetectTests(SignedRepository repository) : EndToEndTest(repository)
{
    private static readonly string Packaging = typeof(DetectTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == "Packaging").Value!;

    [Theory]
    [InlineData("[Host]\nBind = {0}\nPort = {1}", "")]
    [InlineData("# [Host]\n\n[ host ]\n  bind=\"{0}\"\n;port = 1\n[Other]\nPort = 1", "")]
    [InlineData("[Host]\nBind = 192.0.2.1\nPort = 1", "# of systemd\nAPTP2P_Host__Bind={0}\nAPTP2P_Host__Port=\"{1}\"\n")]
    public async Task Detect_DaemonServes_IsItsAddressFromTheConfiguration(string configuration, string environment)
    {
        var daemon = await StartDaemonAsync("daemon");
        var detect = await WriteDetectAsync(Fill(configuration, daemon), Fill(environment, daemon));

        Assert.Equal($"{daemon.Address}\n", (await Command.RunAsync(detect, ["http://ftp.us.debian.org/debian"])).Succeeded().Output);
        Assert.Equal($"{daemon.Address}\n", (await Command.RunAsync(detect, ["https://deb.example.org/debian"])).Succeeded().Output);
    }

    [Fact]
    public async Task Detect_Https_IsTheDaemonWhereItTunnelsToThePort()
    {
        (string Configuration, string Environment, string Address, bool IsDaemon)[] rows =
        [
            ("", "", "https://deb.example.org:443/x", true),
            ("", "", "https://deb.example.org:8443/x", false),
            ("[Proxy]\nConnectPorts = 8443, 9443", "", "https://deb.example.org:8443", true),
            ("[Proxy]\nConnectPorts=8443,9443", "", "https://deb.example.org:9443/x", true),
            ("[Proxy]\nConnectPorts=8443", "", "https://deb.example.org/x", false),
            ("[Proxy]\nConnectPorts=8443", "", "https://deb.example.org:443/x", false),
            ("[Proxy]\nConnectPorts=8443", "APTP2P_Proxy__ConnectPorts=\"443\"", "https://deb.example.org/x", true),
            ("[Other]\nConnectPorts=8443", "", "https://deb.example.org:8443/x", false),
            ("[Proxy]\nConnectPorts=8443", "", "http://deb.example.org/x", true),
        ];
        var daemon = await StartDaemonAsync("daemon"); // one for all: it is asked for its health only
        foreach (var row in rows)
        {
            var detect = await WriteDetectAsync($"[Host]\nBind = {daemon.Address.Host}\n{row.Configuration}", row.Environment);

            var expected = row.IsDaemon ? $"{daemon.Address}\n" : "DIRECT\n";
            var output = (await Command.RunAsync(detect, [row.Address])).Succeeded().Output;
            Assert.True(output == expected, $"{row}: {output}");
        }
    }

    [Fact]
    public async Task Detect_AnotherServiceOnThePort_IsDirect()
    {
        var mirror = await StartMirrorAsync();
        var detect = await WriteDetectAsync($"[Host]\nBind = {mirror.Address.Host}\nPort = {mirror.Address.Port}", "");

        Assert.Equal("DIRECT\n", (await Command.RunAsync(detect, ["http://ftp.us.debian.org/debian"])).Succeeded().Output);
        Assert.Equal("/p2p/health", Assert.Single(mirror.Log).Target);
    }

    [Theory]
    [InlineData(" 0 $EUID ")] // as packaged
    [InlineData(" 4294967294 ")] // nobody's: as where another user of this machine has taken the port
    public async Task Detect_PortOfAnotherUser_IsDirect(string trusted)
    {
        const string packaged = " 0 $EUID ";
        var daemon = await StartDaemonAsync("daemon");
        var detect = await WriteDetectAsync($"[Host]\nBind = {daemon.Address.Host}", "", replaced: ($"\"{packaged}", $"\"{trusted}"));

        var expected = trusted == packaged ? $"{daemon.Address}\n" : "DIRECT\n";
        Assert.Equal(expected, (await Command.RunAsync(detect, ["http://ftp.us.debian.org/debian"])).Succeeded().Output);
    }

    [Fact]
    public async Task Update_DaemonThatServesThenHangsThenIsStopped_WorksEachTime()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var detect = await WriteDetectAsync($"[Host]\nBind = {daemon.Address.Host}", "");
        var apt = NewApt("apt")
            .WithSources(Repository.SourceLine(mirror.Address))
            .WithConfiguration(await ReadAptConfigurationAsync(detect));

        (await apt.UpdateAsync()).Succeeded();
        await daemon.LearnsAsync(); // so it was asked

        await WriteDetectAsync($"[Host]\nBind = {daemon.Address.Host}", "", patience: 1);
        await daemon.PauseAsync();
        try
        {
            (await apt.UpdateAsync()).Succeeded();
        }
        finally
        {
            await daemon.ContinueAsync(); // or it would not end
        }

        await daemon.StopAsync();
        (await apt.UpdateAsync()).Succeeded();
    }

    [Fact]
    public async Task Update_HttpsArchiveOnAPortThatIsNotTunnelledTo_IsAskedDirectly()
    {
        var (mirror, apt) = await StartTlsMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var detect = await WriteDetectAsync($"[Host]\nBind = {daemon.Address.Host}", "");

        (await apt.WithConfiguration(await ReadAptConfigurationAsync(detect)).UpdateAsync()).Succeeded();

        Assert.NotEmpty(mirror.Log);
    }

    private static string Fill(string text, Daemon daemon) =>
        text.Replace("{0}", daemon.Address.Host, StringComparison.Ordinal)
            .Replace("{1}", $"{daemon.Address.Port}", StringComparison.Ordinal);

    /// <summary>The script as it is packaged, but for where it reads, and how long a daemon on a busy machine may take.</summary>
    private async Task<string> WriteDetectAsync(
        string configuration, string environment, int patience = 60, (string Packaged, string Tested) replaced = default)
    {
        var (source, script, config, defaults) = (Folder("detect.text"), Folder("detect"), Folder("apt-p2p.conf"), Folder("default"));
        await File.WriteAllTextAsync(config, configuration, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(defaults, environment, TestContext.Current.CancellationToken);
        var text = await File.ReadAllTextAsync(Path.Combine(Packaging, "detect"), TestContext.Current.CancellationToken);
        List<(string Packaged, string Tested)> changes =
            [("/etc/apt-p2p/apt-p2p.conf", config), ("/etc/default/apt-p2p", defaults), ("patience=1 ", $"patience={patience} ")];
        changes.AddRange(replaced.Packaged is null ? [] : [replaced]);
        foreach (var (packaged, tested) in changes)
        {
            Assert.Contains(packaged, text, StringComparison.Ordinal);
            text = text.Replace(packaged, tested, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(source, text, TestContext.Current.CancellationToken);
        // by another process: nobody forked here meanwhile holds it open for writing
        (await Command.RunAsync("install", ["-m", "755", source, script])).Succeeded();
        return script;
    }

    private static async Task<string> ReadAptConfigurationAsync(string detect) =>
        (await File.ReadAllTextAsync(Path.Combine(Packaging, "30apt-p2p"), TestContext.Current.CancellationToken))
            .Replace("/usr/lib/apt-p2p/detect", detect, StringComparison.Ordinal);
}
