using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>
/// What any node of the DHT does when it is asked (BEP 5, 44), by raw datagrams: run against ours and, as the reference, against others.
/// </summary>
public abstract class ServerConformance(string block)
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
    public async Task AnnouncePeer_RightToken_IsGivenToOthers()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var announcer = new RawClient($"{block}.5.1", subject.EndPoint);
        using var other = new RawClient($"{block}.5.2", subject.EndPoint);
        var token = await TokenAsync(announcer, Key);

        Assert.Equal("r", (await announcer.AskAsync("announce_peer", ("info_hash", Key), ("port", 6881), ("token", token)))["y"]);

        Assert.Contains(announcer.Compact(6881), await ValuesAsync(other, Key));
    }

    [Fact]
    public async Task AnnouncePeer_ImpliedPort_StoresThePortItCameFrom()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var announcer = new RawClient($"{block}.6.1", subject.EndPoint);
        using var other = new RawClient($"{block}.6.2", subject.EndPoint);
        var token = await TokenAsync(announcer, Key);

        await announcer.AskAsync("announce_peer", ("implied_port", 1), ("info_hash", Key), ("port", 6881), ("token", token));

        Assert.Contains(announcer.Compact(announcer.EndPoint.Port), await ValuesAsync(other, Key));
    }

    [Fact]
    public async Task AnnouncePeer_WrongToken_IsRefusedAndNotStored()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var announcer = new RawClient($"{block}.7.1", subject.EndPoint);
        var token = await TokenAsync(announcer, Key);
        var wrong = token[..^1] + (char)(token[^1] ^ 1);

        Assert.Equal(203, Subject.Error(await announcer.AskAsync("announce_peer", ("info_hash", Key), ("port", 6881), ("token", wrong))));

        Assert.DoesNotContain(announcer.Compact(6881), await ValuesAsync(announcer, Key));
    }

    [Fact]
    public async Task AnnouncePeer_TokenOfAnotherKey_IsRefused()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var announcer = new RawClient($"{block}.8.1", subject.EndPoint);
        var token = await TokenAsync(announcer, Key);
        var otherKey = PlainBencode.Text(SHA1.HashData("another"u8));

        Assert.Equal(203, Subject.Error(await announcer.AskAsync("announce_peer", ("info_hash", otherKey), ("port", 6881), ("token", token))));
    }

    [Fact]
    public async Task AnnouncePeer_TokenOfAnotherAddress_IsRefused()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var honest = new RawClient($"{block}.9.1", subject.EndPoint);
        using var thief = new RawClient($"{block}.9.2", subject.EndPoint);
        var token = await TokenAsync(honest, Key);

        Assert.Equal(203, Subject.Error(await thief.AskAsync("announce_peer", ("info_hash", Key), ("port", 6881), ("token", token))));
    }

    [Fact]
    public async Task AnnouncePeer_TokenFromAnotherPortOfTheAddress_IsAccepted()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var before = new RawClient($"{block}.10.1", subject.EndPoint);
        using var after = new RawClient($"{block}.10.1", subject.EndPoint); // as behind a NAT that has changed the mapping
        var token = await TokenAsync(before, Key);

        Assert.Equal("r", (await after.AskAsync("announce_peer", ("info_hash", Key), ("port", 6881), ("token", token)))["y"]);
    }

    [Fact]
    public async Task GetPeers_HundredAnnouncers_GivesManyInOneDatagram()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        for (var i = 1; i <= 100; i++)
        {
            using var announcer = new RawClient($"{block}.11.{i}", subject.EndPoint);
            var token = await TokenAsync(announcer, Key);
            await announcer.AskAsync("announce_peer", ("info_hash", Key), ("port", 6881), ("token", token));
        }

        using var client = new RawClient($"{block}.11.200", subject.EndPoint);
        var answer = await client.AskAsync("get_peers", ("info_hash", Key));

        Assert.InRange(((List<object>)Subject.Body(answer)["values"]).Count, 20, 100);
        Assert.InRange((long)answer["size"], 200, 1400);
    }

    [Fact]
    public async Task Put_ImmutableItem_IsGot()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.12.1", subject.EndPoint);
        var target = PlainBencode.Text(Convert.FromHexString("e5f96f6f38320f0f33959cb4d3d656452117aadb")); // BEP 44's own vector
        var token = (string)Subject.Body(await client.AskAsync("get", ("target", target)))["token"];

        Assert.Equal("r", (await client.AskAsync("put", ("token", token), ("v", "Hello World!")))["y"]);

        Assert.Equal("Hello World!", Subject.Body(await client.AskAsync("get", ("target", target)))["v"]);
    }

    [Fact]
    public async Task Put_TooBig_IsError205()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.13.1", subject.EndPoint);
        var value = new string('x', 997); // 1,001 bytes with its length
        var target = PlainBencode.Text(SHA1.HashData(PlainBencode.Encode(value)));
        var token = (string)Subject.Body(await client.AskAsync("get", ("target", target)))["token"];

        Assert.Equal(205, Subject.Error(await client.AskAsync("put", ("token", token), ("v", value))));
    }

    [Fact]
    public async Task Put_WrongToken_IsRefused()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.14.1", subject.EndPoint);

        Assert.Equal(203, Subject.Error(await client.AskAsync("put", ("token", "abcd"), ("v", "Hello World!"))));
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
    public async Task GetPeers_NothingStored_GivesIdTokenAndNodes()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.18.1", subject.EndPoint);

        var body = Subject.Body(await client.AskAsync("get_peers", ("info_hash", Key), ("want", new List<object> { "n4" })));

        Assert.Equal(20, ((string)body["id"]).Length);
        Assert.InRange(((string)body["token"]).Length, 4, 20);
        Assert.Contains("nodes", body.Keys);
        Assert.DoesNotContain("values", body.Keys);
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

    [Fact]
    public async Task Put_KeysOutOfOrder_IsAProtocolError()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.20.1", subject.EndPoint);
        List<(string Key, object Value)> value = [("b", 1), ("a", 2)];
        var target = PlainBencode.Text(SHA1.HashData(PlainBencode.Encode(value)));
        var token = (string)Subject.Body(await client.AskAsync("get", ("target", target)))["token"];

        Assert.Equal(203, Subject.Error(await client.AskAsync("put", ("token", token), ("v", value))));
    }

    [Theory]
    [InlineData(0, 206)]
    [InlineData(65, 207)]
    public virtual async Task Put_MutableItem_IsError204(int salt, int reference)
    {
        Assert.InRange(reference, 206, 207); // what a node that takes mutable items says
        Assert.Equal(204, await PutMutableAsync(salt));
    }

    /// <summary>What is said to a mutable item whose signature is wrong.</summary>
    private protected async Task<long> PutMutableAsync(int salt)
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.21.1", subject.EndPoint);
        var key = new byte[32];
        var target = PlainBencode.Text(SHA1.HashData([.. key, .. PlainBencode.Bytes(new string('s', salt))]));
        var token = (string)Subject.Body(await client.AskAsync("get", ("target", target)))["token"];
        List<(string Key, object Value)> arguments =
        [
            ("k", key), .. salt > 0 ? [("salt", (object)new string('s', salt))] : Array.Empty<(string, object)>(),
            ("seq", 1), ("sig", new string('x', 64)), ("token", token), ("v", "value"),
        ];
        return Subject.Error(await client.AskAsync("put", arguments.ToArray()));
    }

    private protected async Task<IReadOnlyCollection<Dictionary<string, object>>> AnswersToNoTransactionAsync()
    {
        await using var subject = await StartAsync($"{block}.1.1");
        using var client = new RawClient($"{block}.22.1", subject.EndPoint);
        return await client.SendUnansweredAsync("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:y1:qe"u8.ToArray());
    }

    private static async Task<string> TokenAsync(RawClient client, string key) =>
        (string)Subject.Body(await client.AskAsync("get_peers", ("info_hash", key)))["token"];

    private static async Task<List<object>> ValuesAsync(RawClient client, string key) =>
        Subject.Body(await client.AskAsync("get_peers", ("info_hash", key))).TryGetValue("values", out var values) ? (List<object>)values : [];
}

/// <summary>A running node of some implementation.</summary>
internal interface IConformanceSubject : IAsyncDisposable
{
    IPEndPoint EndPoint { get; }
}
