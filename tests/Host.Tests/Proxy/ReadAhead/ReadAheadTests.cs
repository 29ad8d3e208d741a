using System.Net.Sockets;
using System.Text;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy.ReadAhead;

/// <summary>Requests behind the present one, on a real connection.</summary>
public sealed class ReadAheadTests
{
    private const int AptsPipeline = 10;

    [Fact]
    public async Task Pipelined_Ten_AllAreFetchedAtOnceAndAnsweredInOrder()
    {
        await using var rig = await StartAsync("127.50.1.1");
        var packages = await rig.PublishAsync(AptsPipeline);
        Stall(packages);
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await WriteAsync(stream, string.Concat(packages.Select(package => rig.Get(package))));
        await AllStalledAsync(packages); // none has been answered: so the origin was asked for all of them at once
        Release(packages);

        var answers = await ReadAsync(stream, packages.Length);
        Assert.Equal(packages.Select(package => (200, package.Bytes)), answers);
    }

    [Fact]
    public async Task Pipelined_WhileTheFirstIsBeingFetched_AreFetchedToo()
    {
        await using var rig = await StartAsync("127.50.1.2");
        var packages = await rig.PublishAsync(3);
        Stall(packages);
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await WriteAsync(stream, rig.Get(packages[0]));
        await packages[0].Channel.StalledAsync(Cancellation);
        var second = rig.Get(packages[1]);
        await WriteAsync(stream, second[..20]);
        await WriteAsync(
            stream, second[20..] + $"GET http://archive.test/debian/pool/{packages[2].Name} HTTP/1.1\r\nHost: archive.test\r\n\r\n");
        await AllStalledAsync(packages[1..]);
        Release(packages);

        Assert.Equal(packages.Select(package => (200, package.Bytes)), await ReadAsync(stream, packages.Length));
    }

    [Fact]
    public async Task Pipelined_MoreThanTheLimit_TheLimitAtATime()
    {
        await using var rig = await StartAsync("127.50.1.3", "--Proxy:ReadAhead=2");
        var packages = await rig.PublishAsync(5);
        Stall(packages);
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await WriteAsync(stream, string.Concat(packages.Select(package => rig.Get(package))));
        for (var present = 0; present < packages.Length; present++)
        {
            await AllStalledAsync(
                packages[(present == 0 ? 0 : Math.Min(present + 2, packages.Length))..Math.Min(present + 3, packages.Length)]);
            Assert.All(packages[Math.Min(present + 3, packages.Length)..], package => Assert.Null(rig.Fetcher.Find(package.Hash)));
            packages[present].Channel.Release();
            Assert.Equal(packages[present].Bytes, Assert.Single(await ReadAsync(stream, 1)).Body);
        }
    }

    [Fact]
    public async Task Pipelined_ThenTheClientEndsItsSide_EachIsAnswered()
    {
        var time = new VirtualTime();
        await using var rig = await StartAsync("127.50.1.8", services => services.AddSingleton<TimeProvider>(time));
        var packages = await rig.PublishAsync(3);
        Stall(packages[2..]);
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await WriteAsync(stream, string.Concat(packages.Select(package => rig.Get(package))));
        socket.Shutdown(SocketShutdown.Send);
        await AllStalledAsync(packages[2..]);
        packages[2].Channel.Release();

        Assert.Equal(packages.Select(package => (200, package.Bytes)), await ReadAsync(stream, 3));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task Pipelined_ThenTheClientLeaves_FetchesEnd()
    {
        await using var rig = await StartAsync("127.50.1.4");
        var packages = await rig.PublishAsync(4);
        Stall(packages);
        var socket = await rig.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Concat(packages.Select(package => rig.Get(package)))), Cancellation);
        await AllStalledAsync(packages);
        var fetches = packages.Select(package => rig.Fetcher.Find(package.Hash)!).ToList();

        socket.Dispose();

        await Task.WhenAll(fetches.Select(fetch => fetch.Ended.WaitAsync(Cancellation)));
        Assert.All(packages, package => Assert.Null(rig.Fetcher.Find(package.Hash)));
    }

    [Fact]
    public async Task Pipelined_StoredAndFetchedAndOthers_EachHasItsOwnAnswer()
    {
        await using var rig = await StartAsync("127.50.1.5");
        var packages = await rig.PublishAsync(6);
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await WriteAsync(stream, rig.Get(packages[0]) + rig.Get(packages[1]));
        Assert.Equal(packages[..2].Select(package => (200, package.Bytes)), await ReadAsync(stream, 2));

        await WriteAsync(stream,
            rig.Get(packages[0])
                + rig.Get(packages[2])
                + "GET /nonsense HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + $"POST /archive.test/debian/x HTTP/1.1\r\nHost: {rig.EndPoint}\r\nContent-Length: 30\r\n\r\n"
                + "GET /archive.test/ HTTP/1.1\r\n\r\n"
                + rig.Get(packages[3])
                + $"GET /archive.test/debian/pool/{packages[4].Name} HTTP/1.1\r\nHost: evil.example\r\n\r\n"
                + rig.Get(packages[1])
                + rig.Get(packages[5]));

        var answers = await ReadAsync(stream, 8);
        Assert.Equal([200, 200, 400, 405, 200, 403, 200, 200], answers.Select(answer => answer.Status));
        Assert.Equal(
            [packages[0].Bytes, packages[2].Bytes, packages[3].Bytes, packages[1].Bytes, packages[5].Bytes],
            answers.Where(answer => answer.Status == 200).Select(answer => answer.Body));
        Assert.Empty(packages[4].Channel.Reads); // a name that is not ours begins nothing
    }

    [Fact]
    public async Task Pipelined_InAnyPortions_GivesTheSameAnswers()
    {
        await using var rig = await StartAsync("127.50.1.6");
        var packages = await rig.PublishAsync(AptsPipeline);
        var random = new Random(1);
        for (var run = 0; run < 30; run++)
        {
            using var socket = await rig.ConnectAsync();
            await using var stream = new NetworkStream(socket);
            var bytes = Encoding.ASCII.GetBytes(string.Concat(packages.Select(package => rig.Get(package, $"X-Run: {run}\r\n"))));
            var writing = WritePortionsAsync(socket, bytes, random);

            Assert.Equal(packages.Select(package => (200, package.Bytes)), await ReadAsync(stream, packages.Length));
            await writing;
        }
    }

    private static async Task WritePortionsAsync(Socket socket, byte[] bytes, Random random)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent, Math.Min(bytes.Length - sent, random.Next(1, 400))), Cancellation);
        }
    }

    private static void Stall(ProxyPackage[] packages) => Assert.All(packages, package => package.Channel.Script(ChannelAct.Stall(0)));

    private static Task AllStalledAsync(ProxyPackage[] packages) =>
        Task.WhenAll(packages.Select(package => package.Channel.StalledAsync(Cancellation)));

    private static void Release(ProxyPackage[] packages) => Assert.All(packages, package => package.Channel.Release());

    private static Task WriteAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation).AsTask();
}
