using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

public sealed class NodeNamesTests
{
    private readonly LogLines<NodeNames> _log = new();
    private readonly Dictionary<string, string[]> _zone = [];
    private readonly NodeNames _names;

    public NodeNamesTests() => _names = new NodeNames(new KademliaOptions { MaxAddressesPerName = 3 }, ResolveAsync, "Bootstrap", _log);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_AddressesAndNames_StandsForAllOfThem()
    {
        _zone["nodes.example"] = ["1.2.3.4", "2001:470::1"];

        Assert.Equal(
            ["5.6.7.8:1", "[2001:470::2]:2", "1.2.3.4:9977", "[2001:470::1]:9977"],
            await ResolveAsync("5.6.7.8:1", " [2001:470::2]:2", "nodes.example:9977"));
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task Resolve_ANameOfHundreds_TakesAFew()
    {
        _zone["crowd.example"] = [.. Enumerable.Range(1, 200).Select(static n => $"1.2.3.{n}")];

        Assert.Equal(3, (await ResolveAsync("crowd.example:9977")).Length);
    }

    [Fact]
    public async Task Resolve_NothingResolves_IsOneLineUntilItDoes()
    {
        string[] entries = ["a.example:1", "b.example:1", "c.example:0", "d.example", "e.example:1"];
        _zone["b.example"] = ["1.2.3.4"];

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["1.2.3.4:1"], await ResolveAsync(entries));
        }

        Assert.StartsWith("Bootstrap cannot be resolved: a.example:1, c.example:0, d.example, e.example:1 (", Assert.Single(_log.Texts));

        _zone["a.example"] = ["1.2.3.5"];
        await ResolveAsync(entries);
        _zone.Remove("a.example");
        await ResolveAsync(entries);
        Assert.StartsWith("Bootstrap cannot be resolved: a.example:1 (", _log.Texts[1]);
    }

    private async Task<string[]> ResolveAsync(params string[] entries) =>
        [.. (await _names.ResolveAsync(entries, Cancellation)).Select(static endpoint => endpoint.ToString())];

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) => _zone.TryGetValue(name, out var addresses)
        ? Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse))
        : throw new SocketException((int)SocketError.HostNotFound);
}
