using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Connecting;

public sealed class OriginConnectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_ForAClientFromElsewhere_NotToThisMachine()
    {
        var error = await Assert.ThrowsAsync<OriginRefusedException>(
            async () => await Connector().ConnectAsync("127.0.50.1", 80, OriginReach.Public, Cancellation));

        Assert.Contains("[Proxy] AllowUpstream=127.0.50.1/32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AName_IsCheckedAfterItIsResolved() =>
        await Assert.ThrowsAsync<OriginRefusedException>(async () =>
            await Connector().ConnectAsync("localhost", 80, OriginReach.Public, Cancellation));

    [Fact]
    public async Task Connect_Listed_Connects()
    {
        using var listener = new TcpListener(IPAddress.Parse("127.0.50.2"), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await using var stream = await Connector("127.0.50.2/32").ConnectAsync("127.0.50.2", port, OriginReach.Public, Cancellation);

        Assert.True(stream.CanWrite);
    }

    [Fact]
    public async Task Connect_NobodyThere_SaysWhomItTried()
    {
        var error = await Assert.ThrowsAsync<IOException>(async () =>
            await Connector().ConnectAsync("127.0.50.3", 1, OriginReach.Local, Cancellation));

        Assert.Contains("127.0.50.3 port 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ThisDaemonItself_IsRefused()
    {
        var error = await Assert.ThrowsAsync<OriginRefusedException>(
            async () => await Connector().ConnectAsync("localhost", new NodeOptions().Port, OriginReach.Local, Cancellation));

        Assert.Contains("this daemon itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindRefusal_NoSuchName_ThereIsNothingToProtect() =>
        Assert.Null(await Connector().FindRefusalAsync("no-such-host.invalid", OriginReach.Public, Cancellation));

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.88.99.1", false)]
    public async Task FindRefusal_ANameThatIsKnown_GoesByItsAddressAlsoWhileTheResolverIsSilent(string address, bool isRefused)
    {
        var network = new Network();
        network.Resolves("archive.test", address);
        network.Takes(address);
        await (await network.Connector.ConnectAsync("archive.test", 80, OriginReach.Local, Cancellation)).DisposeAsync();
        network.Time.Advance(NameCache.Fresh);
        network.Hangs("archive.test");

        Assert.Equal(isRefused, await network.Connector.FindRefusalAsync("archive.test", OriginReach.Public, Cancellation) is not null);
        Assert.Equal(NameCache.Fresh, network.Time.Elapsed); // nobody waited
    }

    [Theory]
    [InlineData("inner.test", OriginReach.Public, false)]
    [InlineData("inner.test", OriginReach.Local, true)]
    [InlineData("169.254.7.8", OriginReach.Public, true)] // what it has said itself
    public async Task Refusal_OfAName_TellsItsAddressToThisMachineOnly(string host, OriginReach reach, bool isTold)
    {
        var network = new Network();
        network.Resolves("inner.test", "169.254.7.8");

        var error = await Assert.ThrowsAsync<OriginRefusedException>(async () =>
            await network.Connector.ConnectAsync(host, 80, reach, Cancellation));
        var refusal = await network.Connector.FindRefusalAsync(host, reach, Cancellation);

        Assert.Equal(isTold, error.Message.Contains("169.254.7.8", StringComparison.Ordinal));
        Assert.Contains("[Proxy] AllowUpstream", error.Message, StringComparison.Ordinal);
        Assert.True(refusal is null || refusal == error.Message, refusal);
    }

    [Fact]
    public async Task FindRefusal_ForAClientOfThisMachine_AsksNoResolver()
    {
        var network = new Network();

        Assert.Null(await network.Connector.FindRefusalAsync("archive.test", OriginReach.Local, Cancellation));
        Assert.Empty(network.Asked);
    }

    private static OriginConnector Connector(params string[] allowed)
    {
        var origins = Options.Create(new ConnectingOptions());
        var upstream = new UpstreamOptions { AllowUpstream = [.. allowed.Select(network => IPNetwork.Parse(network))] };
        return new OriginConnector(
            new NameCache(NameCache.SystemLookupAsync, origins, TimeProvider.System, NullLogger<NameCache>.Instance),
            new AddressRace(AddressRace.DialAsync, new DeadAddresses(origins, TimeProvider.System), origins, TimeProvider.System),
            new ListedAddresses("127.0.0.1"), Options.Create(upstream), Options.Create(new NodeOptions()), TimeProvider.System);
    }
}
