using System.Net;
using AptP2P.Dht.Kademlia.Reachability;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>One node asks another to connect back, on real sockets.</summary>
public sealed class ReachTests
{
    private const ushort Asker = 29_801;
    private const ushort Asked = 29_802;
    private const ushort Nobody = 29_803;

    private static readonly string Nonce = ReachMessage.NewNonce();

    [Fact]
    public async Task Ask_TheAskerListens_BothPortsAreReached()
    {
        await using var asked = await ReachNode.StartAsync(Asked);
        await using var asker = await ReachNode.StartAsync(Asker);

        Assert.Equal(new ReachAnswer(true, true), await asker.AskAsync(asked));
    }

    [Theory]
    [InlineData(Nobody, Asker, false, true)]
    [InlineData(Asker, Nobody, true, false)]
    [InlineData(Nobody, Nobody, false, false)]
    public async Task Ask_NobodyListensAtAPort_ThatOneIsNot(int tcp, int udp, bool isTcp, bool isUdp)
    {
        await using var asked = await ReachNode.StartAsync(Asked);
        await using var asker = await ReachNode.StartAsync(Asker);

        Assert.Equal(new ReachAnswer(isTcp, isUdp), await asker.AskAsync(asked, (ushort)tcp, (ushort)udp));
    }

    [Fact]
    public async Task Ask_AYesWithoutAConnection_IsNoAnswer()
    {
        await using var asker = await ReachNode.StartAsync(Asker);
        await using var liar = await LyingNode.StartAsync(Asked, "tcp yes\nudp yes\n");

        Assert.Null(await asker.Questions.AskAsync(liar.Endpoint, Asker, Asker, ReachNode.Cancellation));
    }

    [Theory]
    [InlineData("tcp maybe\n")]
    [InlineData("")]
    [InlineData("<html>log in to use this network</html>")]
    public async Task Ask_SomethingElseAnswers_IsNoAnswer(string body)
    {
        await using var asker = await ReachNode.StartAsync(Asker);
        await using var other = await LyingNode.StartAsync(Asked, body);

        Assert.Null(await asker.Questions.AskAsync(other.Endpoint, Asker, Asker, ReachNode.Cancellation));
    }

    [Fact]
    public async Task Ask_AnAnswerWithoutEnd_IsNoAnswer()
    {
        await using var asker = await ReachNode.StartAsync(Asker);
        await using var other = await LyingNode.StartAsync(Asked, new string('x', 10 << 20));

        Assert.Null(await asker.Questions.AskAsync(other.Endpoint, Asker, Asker, ReachNode.Cancellation));
    }

    [Fact]
    public async Task Ask_AnotherServiceListensThere_IsNotThisNode()
    {
        await using var asked = await ReachNode.StartAsync(Asked);
        await using var other = await ReachNode.StartAsync(
            Asker, hello: static context => context.Response.WriteAsync(ReachMessage.HashOf(ReachMessage.NewNonce()) + "\n"));

        Assert.Equal(new ReachAnswer(false, true), await other.AskAsync(asked));
    }

    [Fact]
    public async Task Reach_OfALocalAddress_IsRefused()
    {
        await using var asked = await ReachNode.StartAsync(Asked, isElsewhere: false);

        Assert.Equal(HttpStatusCode.Forbidden, (await asked.GetAsync($"/p2p/reach?nonce={Nonce}&port={Asker}")).Status);
    }

    [Theory]
    [InlineData("port=29801")]
    [InlineData("nonce=0123&port=29801")]
    [InlineData("nonce=ABCDEF0123456789ABCDEF0123456789&port=29801")]
    [InlineData("nonce=abcdef0123456789abcdef0123456789&port=80")]
    [InlineData("nonce=abcdef0123456789abcdef0123456789&port=29801&udp=53")]
    [InlineData("nonce=abcdef0123456789abcdef0123456789&port=29801&udp=")]
    [InlineData("nonce=abcdef0123456789abcdef0123456789&port=29801&port=29802")]
    [InlineData("nonce=abcdef0123456789abcdef0123456789&port=+29801")]
    public async Task Reach_NotExactlyOfTheForm_IsRefused(string query)
    {
        await using var asked = await ReachNode.StartAsync(Asked);

        Assert.Equal(HttpStatusCode.BadRequest, (await asked.GetAsync($"/p2p/reach?{query}")).Status);
    }

    [Fact]
    public async Task Reach_MoreThanAMinutesWorth_IsRefused()
    {
        await using var asked = await ReachNode.StartAsync(Asked, options: new() { MaxReachAnswersPerAddress = 2 });

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "tcp no\n"), await asked.GetAsync($"/p2p/reach?nonce={Nonce}&port={Nobody}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await asked.GetAsync($"/p2p/reach?nonce={Nonce}&port={Nobody}")).Status);
    }

    [Theory]
    [InlineData(PeerReach.Lan)]
    [InlineData(PeerReach.Off)]
    public async Task Both_OfANodeThatDoesNotDealWithTheWorld_AreRefused(PeerReach reach)
    {
        await using var node = await ReachNode.StartAsync(Asked, reach: reach);

        Assert.Equal(HttpStatusCode.Forbidden, (await node.GetAsync($"/p2p/reach?nonce={Nonce}&port={Asker}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await node.GetAsync("/p2p/hello")).Status);
    }

    [Fact]
    public async Task Hello_ANonceIsWaitedFor_ItsHashIsThereUntilItIsOver()
    {
        await using var node = await ReachNode.StartAsync(Asker);
        using (var nonce = node.Nonces.For(IPAddress.Parse("192.0.2.1")))
        {
            Assert.Equal($"{ReachMessage.HashOf(nonce.Text)}\n", (await node.GetAsync("/p2p/hello")).Body);
            Assert.False(nonce.HasCome); // it was somebody else
        }

        Assert.Equal((HttpStatusCode.OK, ""), await node.GetAsync("/p2p/hello"));
    }
}
