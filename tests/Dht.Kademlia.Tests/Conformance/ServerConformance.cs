using System.Security.Cryptography;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Conformance;

/// <summary>
/// What any node of the DHT does when it is asked (BEP 5, 44), by raw datagrams: run against ours and, as the reference, against others.
/// Here for any query; what it keeps for others, peers and items, has files of its own.
/// </summary>
public abstract partial class ServerConformance(string block)
{
    private static readonly string Key = PlainBencode.Text(SHA1.HashData("a key"u8));

    /// <summary>Starts a node at <c>block.1.1</c>.</summary>
    private protected abstract Task<IConformanceSubject> StartAsync(string address);

    [Theory]
    [InlineData("a")]
    [InlineData("\0\x01")]
    [InlineData("abcd")]
    [InlineData("0123456789abcdef")]
    public async Task Ping_AnyTransaction_IsEchoed(string transaction)
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.2.1", subject.EndPoint);

        var answer = await client.AskAsync(transaction, Subject.Query("ping", ("id", client.Id)));

        Assert.Equal("r", answer["y"]);
        Assert.Equal(20, ((string)Subject.Body(answer)["id"]).Length);
    }

    [Fact]
    public async Task FindNode_Target_GivesNodesOf26Bytes()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.3.1", subject.EndPoint);

        var body = Subject.Body(await client.AskAsync("find_node", ("target", Key)));

        Assert.Equal(0, ((string)body["nodes"]).Length % 26);
    }

    [Theory]
    [InlineData("find_node")]
    [InlineData("get_peers")]
    [InlineData("announce_peer")]
    public async Task AnyQuery_WithoutItsTarget_IsAProtocolError(string method)
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.4.1", subject.EndPoint);

        Assert.Equal(203, Subject.Error(await client.AskAsync(method)));
    }

    [Fact]
    public async Task UnknownMethod_WithTarget_IsAnsweredAsFindNode()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.15.1", subject.EndPoint);

        Assert.Contains("nodes", Subject.Body(await client.AskAsync("vote", ("target", Key))).Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("hello")]
    [InlineData("d1:rd2:id20:abcdefghij0123456789e1:t2:aa1:y1:re")]
    [InlineData("d1:eli201e5:helloe1:t2:aa1:y1:ee")]
    [InlineData("d1:e5:hello1:t2:aa1:y1:ee")]
    [InlineData("d1:rle1:t2:aa1:y1:re")]
    [InlineData("d1:t2:aa1:y1:xe")]
    public async Task NoQuery_Whatever_IsNotAnswered(string datagram)
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.16.1", subject.EndPoint);

        Assert.Empty(await client.SendUnansweredAsync(PlainBencode.Bytes(datagram)));
    }

    [Fact]
    public virtual async Task Query_WithoutTransaction_IsNotAnswered() => Assert.Empty(await AnswersToNoTransactionAsync());

    [Fact]
    public async Task AnyQuery_WithoutId_IsAProtocolError()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.17.1", subject.EndPoint);

        Assert.Equal(203, Subject.Error(await client.AskAsync("t1", Subject.Query("find_node", ("target", Key)))));
        Assert.Equal(203, Subject.Error(await client.AskAsync("t2", Subject.Query("find_node", ("id", "too short"), ("target", Key)))));
    }

    [Fact]
    public async Task Query_OfAReadOnlyNode_IsAnswered()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.19.1", subject.EndPoint);
        var query = Subject.Query("ping", ("id", client.Id));
        query.Insert(2, ("ro", 1));

        Assert.Equal("r", (await client.AskAsync("t1", query))["y"]);
    }

    private protected async Task<IReadOnlyCollection<Dictionary<string, object>>> AnswersToNoTransactionAsync()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.22.1", subject.EndPoint);
        return await client.SendUnansweredAsync("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:y1:qe"u8.ToArray());
    }
}
