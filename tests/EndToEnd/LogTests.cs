using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using AptP2P.EndToEnd.Failures;

namespace AptP2P.EndToEnd;

/// <summary>What an administrator finds in the log.</summary>
public sealed partial class LogTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>What the faults below may take, many of a kind: a line for each kind at once, and one more for its repeats.</summary>
    private const int MaxTroubleLines = 12;

    private static readonly string[] Impatience =
    [
        "--Fetch:Patience=1s", "--Proxy:ActivityTimeout=1s", "--Origins:FirstByte=500ms", "--Origins:UseKnown=false",
    ];

    /// <summary>What is not in any index, so that it is passed through.</summary>
    private static readonly string[] Unknown = ["dists/stable/InRelease", "pool/unknown.deb"];

    [Fact]
    public async Task Install_AllGoesWell_IsOneLineOfWhatCameFromWhere()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        await daemon.StopAsync(); // what is under way is summed up

        Assert.InRange(Summaries(daemon).Length, 1, 2); // an install may follow so soon that it is the update's run
        Assert.All(Summaries(daemon), line => Assert.Matches(WhatCame(), line));
        Assert.Empty(Trouble(daemon));
    }

    [Fact]
    public async Task Faults_OfTheWorld_AreFewLinesAndNoTrace()
    {
        var clock = Stopwatch.StartNew();
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", [.. Impatience, $"--Proxy:ConnectPorts={mirror.Address.Port}"]);
        await using var archive = FaultyArchive.Start(Repository.Root, NextAddress());
        var apt = NewApt("apt").WithBinarySources(Repository.SourceLine(new Uri(daemon.Address, $"{archive.Authority}/")));
        (await apt.UpdateAsync()).Succeeded();
        await daemon.LearnsAsync(files: 2);
        var packages = Repository.Packages.Select(package => package.RequestPath).ToArray();
        await AskAsync(packages[^1], leaves: false); // it is stored

        foreach (var fault in (Fault[])[Faults.Status(503), Faults.Reset, Faults.Cut, Faults.Close, Faults.Hang, Faults.Stall])
        {
            archive.Begin("", new("of the world", [fault]));
            await Task.WhenAll(((string[])[.. packages[^4..^1], .. Unknown]).Select(path => AskAsync(path, leaves: false)));
            await Task.WhenAll(((string[])[.. packages[^7..], .. Unknown]).Select(path => AskAsync(path, leaves: true)));
        }

        archive.End();
        await AskAsync("pool/unknown.deb", leaves: false, $"https/{mirror.Address.Authority}"); // which speaks http
        await SendAsync($"CONNECT {mirror.Address.Authority} HTTP/1.1\r\nHost: {mirror.Address.Authority}\r\n\r\n", leaves: true);

        await archive.DisposeAsync();
        await Task.WhenAll(((string[])[.. packages, .. Unknown]).Select(path => AskAsync(path, leaves: false)));
        await daemon.StopAsync();

        Assert.DoesNotContain(daemon.Output.Split('\n'), line => Trace().IsMatch(line));
        // each kind is said once more after a minute
        Assert.InRange(Trouble(daemon).Length, 1, MaxTroubleLines * (1 + (int)clock.Elapsed.TotalMinutes));
        Assert.DoesNotContain(Trouble(daemon), line => Foreign().IsMatch(line)); // what libraries say names no origin
        foreach (var kind in (string[])["Nothing could be had from", "Nothing could be passed on from", "An answer from"])
        {
            Assert.Contains(Trouble(daemon), line => line.Contains($"{kind} {archive.Authority}", StringComparison.Ordinal));
        }

        Assert.NotEmpty(Summaries(daemon));

        Task AskAsync(string path, bool leaves, string? authority = null)
        {
            var target = $"/{authority ?? archive.Authority}/debian/{path}";
            return SendAsync($"GET {target} HTTP/1.1\r\nHost: {daemon.EndPoint}\r\nConnection: close\r\n\r\n", leaves);
        }

        async Task SendAsync(string request, bool leaves)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(daemon.Address.Host, Daemon.Port, TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
            if (!leaves)
            {
                await ReadToEndAsync(stream);
            }
        }
    }

    private static async Task ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // reset, as it is with some faults
        }
    }

    private static string[] Summaries(Daemon daemon) => Lines(daemon, "AptRuns");

    private static string[] Trouble(Daemon daemon) => [.. Lines(daemon, "warn: "), .. Lines(daemon, "fail: "), .. Lines(daemon, "crit: ")];

    private static string[] Lines(Daemon daemon, string part) =>
        [.. daemon.Output.Split('\n').Where(line => line.Contains(part, StringComparison.Ordinal))];

    [GeneratedRegex(@"this machine: \d+ files, [\d.]+ .?B in [\d.]+ s: .*(from the mirror|passed through)")]
    private static partial Regex WhatCame();

    [GeneratedRegex(@"^\s+at |---> |   at |Exception: ")]
    private static partial Regex Trace();

    [GeneratedRegex(@"Microsoft\.|Yarp\.|System\.")]
    private static partial Regex Foreign();
}
