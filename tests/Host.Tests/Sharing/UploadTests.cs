using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using AptP2P.Host.Sharing;
using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;
using AptP2P.Host.Tests.Proxy;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>
/// What peers get from the host through the plugin that serves them, as it is built: byte for byte, and sent by the kernel alone.
/// </summary>
public sealed class UploadTests : IDisposable
{
    private const int Odd = 12_345; // nothing else than a copy for a peer would begin to read there

    private readonly DirectoryInfo _plugins = Directory.CreateTempSubdirectory("upload-plugins");
    private readonly HttpClient _peer = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync });

    public UploadTests()
    {
        var host = typeof(UploadTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Host")
            .Value!;
        const string Peers = "Source.Peers";
        Directory.CreateSymbolicLink(Path.Combine(_plugins.FullName, Peers), Path.Combine(Path.GetDirectoryName(host)!, "plugins", Peers));
    }

    public void Dispose()
    {
        _peer.Dispose();
        _plugins.Delete(recursive: true); // not what the link points to
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1GiB")] // a pace that this content does not reach, in its small portions
    public async Task Get_Stored_AllPartsArriveAndNoneIsReadIntoTheProcess(string limit)
    {
        await using var rig = await StartAsync("127.50.5.1", limit);
        var bytes = TestContent.Bytes(3_000_000);
        var content = await StoreAsync(rig, bytes);

        // on one connection
        foreach (var (start, end) in new[] { (0, bytes.Length), (Odd, 2_000_001), (bytes.Length - 1, bytes.Length), (0, bytes.Length) })
        {
            using var head = await SendAsync(HttpMethod.Head, content, start, end);
            using var answer = await SendAsync(HttpMethod.Get, content, start, end);

            Assert.Equal(bytes.Length, head.Content.Headers.ContentLength);
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            var given = await answer.Content.ReadAsByteArrayAsync(Cancellation);
            Assert.True(bytes.AsSpan(start..end).SequenceEqual(given));
        }

        Assert.Empty(Watch(rig).Reads);
    }

    [Fact]
    public async Task Get_GoodPiecesOfAFetch_ArriveThoughItIsPublishedAndEvictedMeanwhile()
    {
        const int StallAt = 20_000_000;
        const int End = 16_000_000; // more than the kernel holds
        await using var rig = await StartAsync("127.50.5.2");
        var package = Assert.Single(await rig.PublishAsync(1, length: 24_000_000));
        package.Channel.Otherwise = new ChannelAct { StallAt = StallAt };
        using var apt = new HttpClient();
        using var wanted = await apt.GetAsync(
            new Uri($"http://{rig.EndPoint}/archive.test/debian/pool/{package.Name}"), HttpCompletionOption.ResponseHeadersRead,
            Cancellation);
        await using var stream = await wanted.Content.ReadAsStreamAsync(Cancellation);
        var got = new byte[package.Bytes.Length];
        await stream.ReadExactlyAsync(got.AsMemory(0, StallAt - 100_000), Cancellation);
        var content = UrlOf(rig, package.Hash);

        using var early = await SendAsync(HttpMethod.Get, content, End, package.Bytes.Length);
        using var answer = await SendAsync(HttpMethod.Get, content, Odd, End);
        package.Channel.Release();
        await stream.ReadExactlyAsync(got.AsMemory(StallAt - 100_000), Cancellation);
        await using (var stored = await rig.Fetcher.FetchAsync(new Content(package.Hash, package.Bytes.Length, []), Cancellation))
        {
            Assert.NotNull(stored); // apt has the last byte a moment before
        }

        await Watch(rig).EvictAsync(package.Hash, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        var given = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(package.Bytes.AsSpan(Odd..End).SequenceEqual(given));
        Assert.DoesNotContain(Odd, Watch(rig).Reads);
        Assert.True(package.Bytes.AsSpan().SequenceEqual(got));
    }

    [Fact]
    public async Task Get_FileThatIsShorterThanItWas_IsCut()
    {
        await using var rig = await StartAsync("127.50.5.3");
        var content = await StoreAsync(rig, TestContent.Bytes(1_000_000));
        using (var first = await SendAsync(HttpMethod.Get, content, 0, 1)) // kept open from now on, with its length
        {
            Assert.Equal(1_000_000, first.Content.Headers.ContentRange!.Length);
        }

        await using (
            var cut = new FileStream(
                Assert.Single(rig.Services.GetRequiredService<StorePaths>().Enumerate()).File.FullName, FileMode.Open, FileAccess.Write,
                FileShare.ReadWrite))
        {
            cut.SetLength(400_000);
        }

        using var answer = await SendAsync(HttpMethod.Get, content, 0, 1_000_000);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Get_PeerThatLeaves_WhatWasSentIsCounted()
    {
        await using var rig = await StartAsync("127.50.5.4");
        var content = await StoreAsync(rig, TestContent.Bytes(24_000_000));
        using (var answer = await SendAsync(HttpMethod.Get, content, 0, 24_000_000))
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
            await stream.ReadExactlyAsync(new byte[2_000_000], Cancellation);
        }

        await Watch(rig).ClosedAsync(Cancellation);

        var items = await rig.Services.GetServices<IStatusSection>().Single(section => section.Key == "peers").ReadAsync(Cancellation);
        var sent = (long)items.OfType<StatusValue>().Single(item => item.Key == "sent").Value!;
        Assert.InRange(sent, 1_000_000, 23_000_000);
        Assert.Equal(sent, rig.Services.GetRequiredService<SharedBytes>().Sent); // what the page says of all plugins together
    }

    [Fact]
    public async Task Have_ManyThatAreNotStored_NothingIsThrown()
    {
        await using var rig = await StartAsync("127.50.5.5");
        var bytes = TestContent.Bytes(10_000);
        await StoreAsync(rig, bytes);
        var stored = rig.Services.GetRequiredService<StorePaths>().Content(ContentHash.Of(bytes));
        using var thrown = new ThrownAbout(Path.GetDirectoryName(Path.GetDirectoryName(stored))!);
        byte[] question =
        [
            .. ContentHash.Of(bytes).ToArray(),
            .. Enumerable.Range(0, 399).SelectMany(number => ContentHash.Of(BitConverter.GetBytes(number)).ToArray()),
        ];

        using var answer = await _peer.PostAsync(
            new Uri($"http://{rig.EndPoint}/p2p/have"), new ByteArrayContent(question), Cancellation);

        Assert.Equal([0x80, .. new byte[49]], await answer.Content.ReadAsByteArrayAsync(Cancellation)); // the first, and no other
        Assert.Empty(thrown.Messages);
    }

    /// <summary>Takes little before it is read, so that an upload lasts for as long as a test wants.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 128 << 10 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static WatchedStore Watch(ProxyRig rig) => rig.Services.GetRequiredService<WatchedStore>();

    private static Uri UrlOf(ProxyRig rig, ContentHash hash) =>
        new($"http://{rig.EndPoint}/.well-known/ni/sha-256/{Base64Url.EncodeToString(hash.ToArray())}");

    private static async Task<Uri> StoreAsync(ProxyRig rig, byte[] bytes)
    {
        var hash = ContentHash.Of(bytes);
        await using var partial = await Watch(rig).BeginAsync(hash, bytes.Length, Cancellation);
        await partial.WriteAsync(0, bytes, Cancellation);
        await partial.CommitAsync(TestContent.PiecesOf(bytes), Cancellation);
        await rig.NameAsync(("pool/stored.deb", hash, bytes.Length)); // what no index names is not shared
        rig.Services.GetRequiredService<ShareList>().Add(new Content(hash, bytes.Length, []));
        return UrlOf(rig, hash);
    }

    private Task<ProxyRig> StartAsync(string address, string limit = "0") =>
        ProxyRig.StartAsync(
            address,
            services =>
                services
                    .AddSingleton<FileContentStore>()
                    .AddSingleton<WatchedStore>()
                    .AddSingleton<IContentStore>(provider => provider.GetRequiredService<WatchedStore>()),
            $"--Host:Plugins={_plugins.FullName}",
            $"--Source.Peers:LocalUploadLimit={limit}",
            "--Source.Peers:Fetch=false");

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri content, int start, int end)
    {
        var request = new HttpRequestMessage(method, content) { Headers = { Range = new RangeHeaderValue(start, end - 1) } };
        return _peer.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
