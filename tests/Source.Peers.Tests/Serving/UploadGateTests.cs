using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Serving;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

public sealed class UploadGateTests : IDisposable
{
    private readonly PeersOptions _options = new() { Uploads = 8, UploadsPerAddress = 4 };
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<UploadMetrics>().BuildServiceProvider();
    private readonly List<string> _ended = [];
    private readonly UploadGate _gate;

    public UploadGateTests() =>
        _gate = new UploadGate(
            Microsoft.Extensions.Options.Options.Create(_options), Home.Parties, _services.GetRequiredService<UploadMetrics>());

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Enter_OneAddressInEitherForm_NoMoreThanItsOwnLimit()
    {
        Enter("192.0.2.1", 3);
        Assert.NotNull(Enter("::ffff:192.0.2.1"));

        Assert.Null(Enter("192.0.2.1"));
        Assert.NotNull(Enter("192.0.2.2"));
    }

    [Fact]
    public void Enter_AFewHoldAllPlaces_ANewcomerGetsTheOldestOfWhoeverHasMost()
    {
        Enter("192.0.2.1", 4);
        Enter("198.51.100.1", 4);

        var newcomer = Enter("203.0.113.1");

        Assert.NotNull(newcomer);
        Assert.Equal(["192.0.2.1"], _ended);
        // the ended one gives its place back when it has ended
        Assert.Equal(8, _services.GetRequiredService<UploadMetrics>().Uploading - _ended.Count);
    }

    [Fact]
    public void Enter_ManyAddressesOfOneNetworkHoldAllPlaces_ANewcomerFromElsewhereGetsOne()
    {
        for (var i = 1; i <= 8; i++)
        {
            Enter($"192.0.2.{i}");
        }

        Assert.Null(Enter("192.0.2.9")); // no neighbour has more than one
        Assert.NotNull(Enter("203.0.113.1"));
        Assert.NotNull(Enter("203.0.113.2"));
        Assert.Equal(["192.0.2.1", "192.0.2.2"], _ended);
    }

    [Fact]
    public void Enter_OneAddressOfANetworkHoldsMost_ItsNeighbourGetsOne()
    {
        Enter("192.0.2.1", 4);
        Enter("192.0.2.2", 4);

        Assert.NotNull(Enter("192.0.2.3"));
        Assert.Equal(["192.0.2.1"], _ended);
    }

    [Fact]
    public void Enter_AllHaveAsMany_NobodyIsEndedForAnother()
    {
        for (var i = 1; i <= 8; i++)
        {
            Enter($"192.0.{i}.1");
        }

        Assert.Null(Enter("192.0.9.1"));
        Assert.Null(Enter("192.0.1.1"));
        Assert.Empty(_ended);
    }

    [Fact]
    public void Dispose_AlsoOfOneThatWasEnded_PlacesAreFreeAgain()
    {
        var places = Enter("192.0.2.1", 4).Concat(Enter("198.51.100.1", 4)).Append(Enter("203.0.113.1")).ToList();

        places.ForEach(place => place!.Dispose());

        Assert.All(Enter("192.0.2.1", 4).Concat(Enter("198.51.100.1", 4)), Assert.NotNull);
        Assert.Null(Enter("192.0.2.1")); // its own limit
        Assert.Single(_ended);
        Assert.Equal(8, _services.GetRequiredService<UploadMetrics>().Uploading);
    }

    private List<IDisposable?> Enter(string address, int count) => [.. Enumerable.Range(0, count).Select(_ => Enter(address))];

    private IDisposable? Enter(string address) => _gate.TryEnter(IPAddress.Parse(address), () => _ended.Add(address));
}
