using System.Net.Sockets;
using System.Text;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Contents;

/// <summary>What a client hears when its file cannot be had: what the origin said, or did, and the origin was asked once.</summary>
public sealed class FailedFetchTests
{
    [Theory]
    [InlineData(503, true, 3)]
    [InlineData(503, false, null)]
    [InlineData(404, true, null)]
    [InlineData(416, false, null)]
    public async Task Get_OriginAnswersAnError_PassedOn(int status, bool hasBody, int? retryAfter)
    {
        await using var rig = await ProxyRig.StartAsync("127.23.9.1");
        var package = (await rig.PublishAsync(1))[0];
        package.Channel.Otherwise = ChannelAct.Fail(ChannelOutcome.Busy, retryAfter is { } after ? TimeSpan.FromSeconds(after) : null) with
        {
            Answer = new OriginAnswer(status, "tired", hasBody),
        };

        var answer = await AskAsync(rig, package);

        Assert.StartsWith($"HTTP/1.1 {status} tired\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(hasBody ? "Content-Length: 6\r\n" : "Content-Length: 0\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(hasBody, answer.Contains("Content-Type:", StringComparison.Ordinal));
        Assert.Equal(retryAfter is not null, answer.Contains("Retry-After: 3\r\n", StringComparison.Ordinal));
        Assert.Single(package.Channel.Reads);
    }

    [Theory]
    [InlineData(ChannelOutcome.Cut)]
    [InlineData(ChannelOutcome.Timeout)]
    public async Task Get_OriginSaysNothing_ConnectionEndsBehindEarlierAnswers(ChannelOutcome outcome)
    {
        await using var rig = await ProxyRig.StartAsync("127.23.9.2");
        var packages = await rig.PublishAsync(3);
        packages[1].Channel.Otherwise = ChannelAct.Fail(outcome);
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(string.Concat(packages.Select(package => rig.Get(package)))), ProxyRig.Cancellation);

        var first = Assert.Single(await ProxyRig.ReadAsync(stream, 1));

        Assert.Equal(packages[0].Bytes, first.Body);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], ProxyRig.Cancellation)); // an end, not a reset
        Assert.Single(packages[1].Channel.Reads);
    }

    [Fact]
    public async Task Get_OriginEndsInTheBody_HeadAndNothingOfIt()
    {
        await using var rig = await ProxyRig.StartAsync("127.23.9.4");
        var package = (await rig.PublishAsync(1))[0];
        package.Channel.Otherwise = ChannelAct.Cut(50) with { Answer = new OriginAnswer(200, "OK", HasBody: true) };

        var answer = await AskAsync(rig, package);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 100\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal); // what there was is within what is held back
    }

    [Fact]
    public async Task Get_OriginCannotBeReached_SaidInWords()
    {
        await using var rig = await ProxyRig.StartAsync("127.23.9.3");
        var package = (await rig.PublishAsync(1))[0];
        package.Channel.Otherwise = ChannelAct.Fail(ChannelOutcome.Refused);

        Assert.StartsWith("HTTP/1.1 502 as the test wants it\r\n", await AskAsync(rig, package), StringComparison.Ordinal);
        Assert.Single(package.Channel.Reads);
    }

    private static async Task<string> AskAsync(ProxyRig rig, ProxyPackage package)
    {
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(rig.Get(package, "Connection: close\r\n")), ProxyRig.Cancellation);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(ProxyRig.Cancellation);
    }
}
