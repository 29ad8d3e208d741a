using System.Buffers.Text;
using System.Net;

namespace AptP2P.EndToEnd;

/// <summary>What strangers hear of an archive within a network: the mirrors of these tests have loopback addresses.</summary>
public sealed class PrivateArchiveTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Theory]
    [InlineData(false, "--Sharing:Archives=public")]
    [InlineData(false, "--Sharing:Archives=")]
    [InlineData(false, "--Sharing:Reach=off")]
    [InlineData(false, "--Sharing:ExceptArchives=127.*")]
    [InlineData(true)] // the same with all archives listed, or the others would prove nothing
    public async Task Install_AnArchiveThatIsNotShared_StrangersHearNothingOfIt(bool isShared, params string[] options)
    {
        var mirror = await StartMirrorAsync();
        var stranger = await StartAsync(new ListeningNode(NextAddress()), one => one.StartAsync());
        var daemon = await StartDaemonAsync(
            "daemon", [$"--Dht.Kademlia:Bootstrap={stranger.EndPoint}", "--Policy:LookupBudget=10s", .. options]);
        if (!options.Contains("--Sharing:Reach=off")) // then it deals with no node at all
        {
            await daemon.KnowsNodesAsync();
        }

        var apt = NewApt("apt", daemon, mirror);

        await apt.InstallAllAsync(Repository, daemon);
        await daemon.StoresAsync(Repository.Packages);
        if (isShared)
        {
            await stranger.HearsOfAsync(Repository.Packages);
        }

        apt.AssertHas(Repository.Packages);
        var big = Repository.Package("xx-big");
        Assert.Equal(isShared ? HttpStatusCode.OK : HttpStatusCode.NotFound, await AskAsync(daemon, big));
        Assert.Equal(isShared, await HasAsync(daemon, big));
        await daemon.StopAsync(); // nothing is on its way then
        Assert.Equal(isShared, stranger.WasAskedFor(big));
        Assert.Equal(isShared, Repository.Packages.Any(stranger.WasToldOf));
    }

    [Fact]
    public async Task Install_FromAPrivateMirror_TheLogAndThePageSayOnceWhatToSet()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", "--Sharing:Archives=");
        await NewApt("apt", daemon, mirror).InstallAllAsync(Repository, daemon);

        var archive = mirror.Address.Authority;
        await daemon.SaysAsync($"{archive} is not shared");
        var lines = daemon.Output.Split('\n').Where(line => line.Contains("is not shared", StringComparison.Ordinal));
        Assert.EndsWith($"[Sharing] Archives = public, {archive}", Assert.Single(lines), StringComparison.Ordinal);
        var status = await daemon.StatusAsync();
        Assert.Equal($"{archive} (its address is of a private network)", status["sharing"]!["withheld"]!.GetValue<string>());
    }

    private static async Task<HttpStatusCode> AskAsync(Daemon daemon, RepositoryPackage package)
    {
        using var client = new HttpClient { BaseAddress = daemon.Address };
        var path = $"/.well-known/ni/sha-256/{Base64Url.EncodeToString(Convert.FromHexString(package.Sha256))}";
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<bool> HasAsync(Daemon daemon, RepositoryPackage package)
    {
        using var client = new HttpClient { BaseAddress = daemon.Address };
        using var question = new ByteArrayContent(Convert.FromHexString(package.Sha256));
        using var answer = await client.PostAsync("/p2p/have", question, TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode
            && (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))[0] != 0;
    }
}
