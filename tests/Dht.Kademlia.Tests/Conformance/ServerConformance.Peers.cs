using System.Security.Cryptography;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Conformance;

/// <summary>What is announced to it, and to whom it says so (BEP 5).</summary>
public abstract partial class ServerConformance
{
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

        Assert.Equal(
            203, Subject.Error(await announcer.AskAsync("announce_peer", ("info_hash", otherKey), ("port", 6881), ("token", token))));
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

    private static async Task<string> TokenAsync(RawClient client, string key) =>
        (string)Subject.Body(await client.AskAsync("get_peers", ("info_hash", key)))["token"];

    private static async Task<List<object>> ValuesAsync(RawClient client, string key) =>
        Subject.Body(await client.AskAsync("get_peers", ("info_hash", key))).TryGetValue("values", out var values)
            ? (List<object>)values
            : [];
}
