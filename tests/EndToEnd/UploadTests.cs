using System.Buffers.Text;

namespace AptP2P.EndToEnd;

/// <summary>What peers are given has limits; apt has none.</summary>
public sealed class UploadTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Download_WhileUploadsCrawl_AptIsNotThrottled()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync(
            "daemon", "--Source.Peers:UploadLimit=1", "--Source.Peers:LocalUploadLimit=1", "--Source.Peers:UploadLimitPerPeer=1",
            "--Source.Peers:Uploads=1");
        await NewApt("first", daemon, mirror).InstallAllAsync(Repository, daemon);
        using var client = new HttpClient { BaseAddress = daemon.Address };
        var path = $"/.well-known/ni/sha-256/{Base64Url.EncodeToString(Convert.FromHexString(Repository.Package("xx-big").Sha256))}";
        using var upload = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await upload.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await body.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken); // the upload runs, and will take months

        var apt = NewApt("second", daemon, mirror);
        await apt.InstallAllAsync(Repository, daemon);

        apt.AssertHas(Repository.Packages);
        using var another = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, another.StatusCode);
    }

    [Fact]
    public async Task Reach_Off_PeersGetNothing()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", "--Sharing:Reach=off");
        await NewApt("apt", daemon, mirror).InstallAllAsync(Repository, daemon);
        using var client = new HttpClient { BaseAddress = daemon.Address };

        using var answer = await client.GetAsync(
            $"/.well-known/ni/sha-256/{Base64Url.EncodeToString(Convert.FromHexString(Repository.Package("xx-big").Sha256))}",
            TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }
}
