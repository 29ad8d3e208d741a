using System.Security.Cryptography;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Conformance;

/// <summary>What it keeps of items (BEP 44).</summary>
public abstract partial class ServerConformance
{
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
}
