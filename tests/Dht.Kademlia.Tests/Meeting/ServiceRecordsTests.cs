using AptP2P.Dht.Kademlia.Meeting;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>SRV records of search domains, from a name server on this machine.</summary>
public sealed class ServiceRecordsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_TwoDomains_GivesTheirNodesByPriority()
    {
        await using var server = new ServiceServer("127.61.1.1");
        server.Records["_apt-p2p._udp.a.example"] = [(20, 9977, "second.a.example"), (10, 9978, "first.a.example"), (30, 1, ".")];
        server.Records["_apt-p2p._udp.b.example"] = [(1, 9979, "only.b.example")];

        Assert.Equal(
            ["first.a.example:9978", "second.a.example:9977", "only.b.example:9979"], await FindAsync(server, "a.example", "b.example"));
    }

    [Fact]
    public async Task Find_NoRecords_IsNobody()
    {
        await using var server = new ServiceServer("127.61.2.1");

        Assert.Empty(await FindAsync(server, "a.example"));
        Assert.Equal(["_apt-p2p._udp.a.example"], server.Asked);
    }

    [Fact]
    public async Task Find_NoSearchDomain_AsksNobody()
    {
        await using var server = new ServiceServer("127.61.3.1");

        Assert.Empty(await FindAsync(server));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task Find_MoreThanAFew_AreNotTaken()
    {
        await using var server = new ServiceServer("127.61.4.1");
        server.Records["_apt-p2p._udp.a.example"] = [.. Enumerable.Range(1, 10).Select(static n => (n, 9977, $"n{n}.a.example"))];

        Assert.Equal(3, (await FindAsync(server, "a.example")).Count);
    }

    private static Task<IReadOnlyList<string>> FindAsync(ServiceServer server, params string[] domains) =>
        new ServiceRecords(
            new() { MaxAddressesPerName = 3 }, () => new ResolverFile([server.EndPoint.Address], domains), server.EndPoint.Port)
            .FindAsync(Cancellation);
}
