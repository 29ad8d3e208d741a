using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy.Doubts;

/// <summary>Rotten files on their way to clients: who asks once more gets the right one.</summary>
public sealed class StoredDoubtTests
{
    private const int Length = 100_000;

    private static CancellationToken Cancellation => ProxyRig.Cancellation;

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the second is opened while the first is answered
    public async Task Get_AgainAfterWrongBytes_TheSameAnswerHasTheRightOnes(bool pipelined)
    {
        await using var rig = await StartAsync("127.50.6.1");
        var package = await StoreAsync(rig);
        Rot.Flip(PathOf(rig, package));

        var answers = pipelined
            ? await AskAsync(rig, "127.0.0.1", rig.Get(package) + rig.Get(package), 2)
            : [.. await AskAsync(rig, "127.0.0.1", rig.Get(package), 1), .. await AskAsync(rig, "127.0.0.1", rig.Get(package), 1)];

        Assert.NotEqual(package.Bytes, answers[0].Body);
        Assert.Equal(package.Bytes, answers[1].Body);
        Assert.Equal((0, 1), (Check(rig).Right, Check(rig).Damaged));
        await WaitUntilStoredAsync(rig, package);
    }

    [Fact]
    public async Task Get_AgainAndAgain_IsVerifiedOnce()
    {
        await using var rig = await StartAsync("127.50.6.2");
        var package = await StoreAsync(rig);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(package.Bytes, Assert.Single(await AskAsync(rig, "127.0.0.1", rig.Get(package), 1)).Body);
        }

        Assert.Equal((1, 0), (Check(rig).Right, Check(rig).Damaged));
    }

    [Theory]
    [InlineData("", "127.0.0.1", "127.0.0.2", "127.0.0.3")] // a network upgrades
    [InlineData("Range: bytes=0-99\r\n", "127.0.0.1", "127.0.0.1", "127.0.0.1")] // one who gets parts
    public async Task Get_NobodyAskedAgain_IsNotVerified(string header, params string[] clients)
    {
        await using var rig = await StartAsync("127.50.6.3");
        var package = await StoreAsync(rig);

        foreach (var client in clients)
        {
            Assert.InRange(Assert.Single(await AskAsync(rig, client, rig.Get(package, header), 1)).Status, 200, 206);
        }

        Assert.Equal(0, Check(rig).Right);
    }

    [Theory]
    [InlineData("no-cache")]
    [InlineData("max-age=0")]
    [InlineData("No-Cache, max-age=60")]
    public async Task Get_CacheControl_IsVerifiedFirst(string wish)
    {
        await using var rig = await StartAsync("127.50.6.4");
        var package = await StoreAsync(rig);
        Rot.Flip(PathOf(rig, package));

        var answer = Assert.Single(await AskAsync(rig, "127.0.0.1", rig.Get(package, $"Cache-Control: {wish}\r\n"), 1));

        Assert.Equal(package.Bytes, answer.Body);
        Assert.Equal(1, Check(rig).Damaged);
    }

    [Fact]
    public async Task Get_SomebodyStillReadsTheFetch_ItsFileIsNotGivenAgain()
    {
        await using var rig = await StartAsync("127.50.6.8");
        var package = Assert.Single(await rig.PublishAsync(1, Length));
        await using var slow = await rig.Fetcher.JoinAsync(ContentOf(package), Cancellation);
        Assert.True(await slow!.Outcome);
        Rot.Flip(PathOf(rig, package));

        var answer = Assert.Single(await AskAsync(rig, "127.0.0.1", rig.Get(package, "Cache-Control: no-cache\r\n"), 1));

        Assert.Equal(package.Bytes, answer.Body);
        Assert.Equal(1, Check(rig).Damaged);
    }

    [Theory]
    [InlineData("GET", "max-age=60", 0)]
    [InlineData("HEAD", "no-cache", 0)]
    [InlineData("GET", "no-cache", 1)]
    public async Task Request_OtherWishes_NothingIsVerified(string method, string wish, int verified)
    {
        await using var rig = await StartAsync("127.50.6.5");
        var package = await StoreAsync(rig);
        var request = rig.Get(package, $"Cache-Control: {wish}\r\nConnection: close\r\n");

        await using var stream = await ConnectAsync(rig, "127.0.0.1");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(method + request[3..]), Cancellation);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, Cancellation);

        Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(answer.ToArray()), StringComparison.Ordinal);
        Assert.Equal(verified, Check(rig).Right);
    }

    [Fact]
    public async Task Get_IndexByHashWithAptsHabit_IsVerifiedAndTheMirrorIsNotAsked()
    {
        await using var rig = await StartAsync("127.50.6.6");
        var index = Packages(("pool/x.deb", ContentHash.Of([1]), 1));
        var hash = ContentHash.Of(index);
        await rig
            .Services.GetRequiredService<CatalogLearning>()
            .LearnReleaseAsync(Origin("http://archive.test/debian/dists/one/InRelease"), Release(("main/Packages", index)), Cancellation);
        rig.Mirror.Add(hash, new InMemoryChannel("archive.test", index)).EndSearch(hash);
        var get =
            $"GET /archive.test/debian/dists/one/main/by-hash/SHA256/{hash} HTTP/1.1\r\nHost: {rig.EndPoint}\r\nCache-Control: "
            + "max-age=0\r\n\r\n";

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(index, Assert.Single(await AskAsync(rig, "127.0.0.1", get, 1)).Body);
            await using var stored = await rig.Fetcher.FetchAsync(new Content(hash, index.Length, []), Cancellation);
            Assert.NotNull(stored); // apt has the last byte a moment before
        }

        Assert.Equal((1, 0), (Check(rig).Right, Check(rig).Damaged));
        Assert.Equal(1, rig.Services.GetRequiredService<FetchMetrics>().Completed);
    }

    [Fact]
    public async Task Get_CutWhileOpen_TheNextAnswerIsWhole()
    {
        await using var rig = await StartAsync("127.50.6.7");
        var package = await StoreAsync(rig);
        // kept open from now on, with its length
        Assert.Equal(package.Bytes, Assert.Single(await AskAsync(rig, "127.0.0.1", rig.Get(package), 1)).Body);
        await using (var cut = new FileStream(PathOf(rig, package), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(40_000);
        }

        await using (var stream = await ConnectAsync(rig, "127.0.0.9"))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(rig.Get(package)), Cancellation);
            await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(stream, 1)); // it ends early
        }

        const string AsApt = "Range: bytes=40000-\r\nIf-Range: Thu, 01 Jan 2026 00:00:00 GMT\r\n";
        var again = Assert.Single(await AskAsync(rig, "127.0.0.9", rig.Get(package, AsApt), 1));
        Assert.Equal((200, package.Bytes.Length), (again.Status, again.Body.Length));
        Assert.Equal(package.Bytes, again.Body);
    }

    private static StoreCheck Check(ProxyRig rig) => rig.Services.GetRequiredService<StoreCheck>();

    private static string PathOf(ProxyRig rig, ProxyPackage package) => rig.Services.GetRequiredService<StorePaths>().Content(package.Hash);

    /// <summary>Has a package stored, without a client having got it.</summary>
    private static async Task<ProxyPackage> StoreAsync(ProxyRig rig)
    {
        var package = Assert.Single(await rig.PublishAsync(1, Length));
        await using var stored = await rig.Fetcher.FetchAsync(ContentOf(package), Cancellation);
        Assert.NotNull(stored);
        return package;
    }

    private static Content ContentOf(ProxyPackage package) =>
        new(package.Hash, Length, [new Origin("http", "archive.test", 80, $"/debian/pool/{package.Name}", OriginReach.Local)]);

    private static async Task WaitUntilStoredAsync(ProxyRig rig, ProxyPackage package)
    {
        await using var stored = await rig.Fetcher.FetchAsync(new Content(package.Hash, Length, []), Cancellation); // joins what still runs
        Assert.NotNull(stored);
        Assert.Equal(StoreVerdict.Right, await Check(rig).VerifyAsync(package.Hash, Cancellation));
    }

    private static async Task<NetworkStream> ConnectAsync(ProxyRig rig, string client)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(client).MapToIPv6(), 0));
        await socket.ConnectAsync(rig.EndPoint, Cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<(int Status, byte[] Body)[]> AskAsync(ProxyRig rig, string client, string requests, int count)
    {
        await using var stream = await ConnectAsync(rig, client);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(requests), Cancellation);
        return await ReadAsync(stream, count);
    }
}
