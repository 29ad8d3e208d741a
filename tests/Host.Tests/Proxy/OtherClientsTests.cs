using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Origins.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy;

/// <summary>What clients send that are not apt: conditions, ranges of what is being fetched, HEAD, other forms of an address.</summary>
public sealed class OtherClientsTests
{
    private const int Length = 3_000_000;

    private static readonly DateTimeOffset Modified = new(2025, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    public async Task Get_FetchedThenStored_BothSayWhenItWasModified()
    {
        await using var rig = await StartAsync("127.50.6.1");
        var package = await PublishAsync(rig);
        package.Channel.LastModified = Modified;

        using var fetched = await FetchAsync(rig, package);
        using var stored = await SendAsync(rig, package);

        Assert.Equal(
            (HttpStatusCode.OK, "MIRROR", Modified), (fetched.StatusCode, CacheOf(fetched), fetched.Content.Headers.LastModified!.Value));
        Assert.Null(fetched.Headers.ETag); // nothing was verified when it began
        Assert.Equal(
            (HttpStatusCode.OK, "HIT", Modified), (stored.StatusCode, CacheOf(stored), stored.Content.Headers.LastModified!.Value));
        Assert.Equal($"\"{package.Hash}\"", stored.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Get_StoredWithoutADateOfItsOrigin_HasTheDateOfItsComing()
    {
        await using var rig = await StartAsync("127.50.6.2");
        var package = await PublishAsync(rig);
        using var fetched = await FetchAsync(rig, package);

        using var stored = await SendAsync(rig, package);
        using var unchanged = await SendAsync(rig, package, request =>
            request.Headers.IfModifiedSince = stored.Content.Headers.LastModified);

        Assert.NotNull(stored.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(
            (stored.Headers.ETag, stored.Content.Headers.LastModified), (unchanged.Headers.ETag, unchanged.Content.Headers.LastModified));
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Get_StoredInParts_EachIsRight()
    {
        await using var rig = await StartAsync("127.50.6.3");
        var package = await PublishAsync(rig);
        using var fetched = await FetchAsync(rig, package);

        using var part = await SendAsync(rig, package, request => request.Headers.Range = new(10, 19));
        using var behind = await SendAsync(rig, package, request => request.Headers.Range = new(Length, null));
        using var head = await SendAsync(rig, package, request => request.Method = HttpMethod.Head);

        Assert.Equal(
            (HttpStatusCode.PartialContent, $"bytes 10-19/{Length}"), (part.StatusCode, part.Content.Headers.ContentRange!.ToString()));
        Assert.Equal(package.Bytes[10..20], await part.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, behind.StatusCode);
        Assert.Equal($"bytes */{Length}", behind.Content.Headers.ContentRange!.ToString());
        Assert.Equal(
            (HttpStatusCode.OK, Length, $"\"{package.Hash}\""),
            (head.StatusCode, head.Content.Headers.ContentLength!.Value, head.Headers.ETag!.Tag));
    }

    [Fact]
    public async Task Get_PartsOfWhatIsBeingFetched_EachComesWhenItIsThere()
    {
        const int There = 1_000_000;
        await using var rig = await StartAsync("127.50.6.4");
        var package = await PublishAsync(rig);
        package.Channel.Script(new ChannelAct { StallAt = There });
        var whole = SendAsync(rig, package);
        await package.Channel.StalledAsync(Cancellation);

        // while the rest is not there
        using var early = await SendAsync(rig, package, request => request.Headers.Range = new(1_000, 1_999));
        var late = SendAsync(rig, package, request => request.Headers.Range = new(There + 500_000, null));
        var middle = SendAsync(rig, package, request => request.Headers.Range = new(There - 10, There + 9));
        package.Channel.Release();

        Assert.Equal(
            (HttpStatusCode.PartialContent, $"bytes 1000-1999/{Length}"),
            (early.StatusCode, early.Content.Headers.ContentRange!.ToString()));
        Assert.Equal(package.Bytes[1_000..2_000], await early.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(package.Bytes[(There + 500_000)..], await (await late).Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(package.Bytes[(There - 10)..(There + 10)], await (await middle).Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(package.Bytes, await (await whole).Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(Length, package.Channel.BytesRead); // all of them by one fetch
    }

    [Fact]
    public async Task Get_AptsRangeOfWhatIsBeingFetched_GetsTheWhole()
    {
        await using var rig = await StartAsync("127.50.6.5");
        var package = await PublishAsync(rig);
        package.Channel.LastModified = Modified;

        using var answer = await SendAsync(rig, package, request =>
        {
            request.Headers.Range = new(1_000, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(Modified); // the date that it was told
        });

        Assert.Equal((HttpStatusCode.OK, "none"), (answer.StatusCode, answer.Headers.AcceptRanges.Single()));
        Assert.Equal(package.Bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Get_WhatTheClientMayHave_IsNotFetched()
    {
        await using var rig = await StartAsync("127.50.6.6");
        var package = await PublishAsync(rig);

        using var sameTag = await SendAsync(rig, package, request => request.Headers.IfNoneMatch.Add(new($"\"{package.Hash}\"")));
        using var behind = await SendAsync(rig, package, request => request.Headers.Range = new(Length, null));
        // the origin knows, and is away here
        using var dated = await SendAsync(rig, package, request => request.Headers.IfModifiedSince = Modified);
        using var head = await SendAsync(rig, package, request => request.Method = HttpMethod.Head);

        Assert.Equal(HttpStatusCode.NotModified, sameTag.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, behind.StatusCode);
        Assert.Equal($"bytes */{Length}", behind.Content.Headers.ContentRange!.ToString());
        Assert.Equal(HttpStatusCode.BadGateway, dated.StatusCode);
        Assert.Equal(HttpStatusCode.BadGateway, head.StatusCode);
        Assert.Empty(package.Channel.Reads);
    }

    [Theory]
    [InlineData("GET //archive.test/debian/pool/p0.deb HTTP/1.1\r\nHost: HOST\r\n", 200)]
    [InlineData("GET /archive.test/debian/x/../pool/p0.deb HTTP/1.1\r\nHost: HOST\r\n", 200)]
    [InlineData("GET /archive.test/debian/pool/p0.deb HTTP/1.0\r\n", 200)] // nobody's name
    [InlineData("GET http://archive.test/debian/pool/%2e./pool/p0.deb HTTP/1.1\r\nHost: archive.test\r\n", 200)]
    [InlineData("GET /debian/pool/p0.deb HTTP/1.1\r\nHost: transparent.test\r\n", 403)] // not listed
    [InlineData("GET /debian/pool/p0.deb HTTP/1.1\r\nHost: Archive.Test\r\n", 200)] // listed
    [InlineData("GET /debian/pool/p0.deb HTTP/1.1\r\nHost: archive.test:PORT\r\n", 200)]
    [InlineData("GET /debian/other HTTP/1.1\r\nHost: archive.test\r\nVia: 1.0 x, VIA\r\n", 508)]
    [InlineData("GET /archive.test/../x HTTP/1.1\r\nHost: HOST\r\n", 400)]
    public async Task Get_FormsOfAnAddress_EachIsUnderstood(string request, int status)
    {
        await using var rig = await StartAsync("127.50.6.7", "--Proxy:Transparent=archive.test");
        await rig.PublishAsync(1);

        var known = request
            .Replace("HOST", rig.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("PORT", $"{rig.EndPoint.Port}", StringComparison.Ordinal)
            .Replace("VIA", rig.Services.GetRequiredService<ViaMark>().Entry, StringComparison.Ordinal);
        var answer = await SendRawAsync(rig, known);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HostForgotten_IsToldWhereToWriteIt()
    {
        await using var rig = await StartAsync("127.50.6.8");

        var answer = await SendRawAsync(rig, $"GET /no-such-host/dists/stable/InRelease HTTP/1.1\r\nHost: {rig.EndPoint}\r\n");

        Assert.StartsWith("HTTP/1.1 400 'no-such-host' is no archive's host name", answer, StringComparison.Ordinal);
        Assert.Contains($"http://{rig.EndPoint}/ftp.us.debian.org/debian", answer, StringComparison.Ordinal);
    }

    private static async Task<ProxyPackage> PublishAsync(ProxyRig rig) => Assert.Single(await rig.PublishAsync(1, Length));

    /// <summary>Gets it, and waits until it is stored and all know that.</summary>
    private static async Task<HttpResponseMessage> FetchAsync(ProxyRig rig, ProxyPackage package)
    {
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Fetcher.Published += (_, _) => published.TrySetResult();
        var answer = await SendAsync(rig, package);
        await published.Task.WaitAsync(Cancellation);
        return answer;
    }

    private static async Task<HttpResponseMessage> SendAsync(ProxyRig rig, ProxyPackage package, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{rig.EndPoint}/archive.test/debian/pool/{package.Name}");
        change?.Invoke(request);
        return await client.SendAsync(request, Cancellation); // with its body
    }

    private static async Task<string> SendRawAsync(ProxyRig rig, string request)
    {
        using var client = await rig.ConnectAsync();
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{request}Connection: close\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static string CacheOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Cache").Single();
}
