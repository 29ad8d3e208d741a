using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

public sealed class LargeNetworkTests(ITestOutputHelper output)
{
    [Fact]
    public void Find_ThousandNodes_EveryKeyIsFound()
    {
        const int Keys = 100;
        var network = new SimulatedNetwork(seed: 10);
        var nodes = network.Grow(1000);
        var announcing = new List<Task>();
        for (var i = 0; i < Keys; i++)
        {
            var content = SimulatedNetworks.Content(i);
            announcing.Add(nodes[network.Random.Next(nodes.Count)].Node.Announce(content.Key(), content));
        }

        network.RunUntil(() => announcing.TrueForAll(static task => task.IsCompleted), TimeSpan.FromMinutes(1));
        var searches = new List<SimulatedSearch>();
        var finders = new List<SimulatedNode>();
        var datagrams = network.Datagrams;
        foreach (var node in nodes)
        {
            node.Reports.Clear();
        }

        for (var i = 0; i < Keys; i++)
        {
            var finder = nodes[network.Random.Next(nodes.Count)];
            finders.Add(finder);
            searches.Add(SimulatedSearch.Run(network, finder, SimulatedNetworks.Content(i).Key()));
        }

        datagrams = network.Datagrams - datagrams;
        var reports = finders.SelectMany(static finder => finder.Reports).Where(static report => report.Method == KrpcMethod.GetPeers).ToList();
        output.WriteLine($"found {searches.Count(static search => search.Peers.Count > 0)}/{Keys}; hops {reports.Average(static report => report.Hops):F2}, queries {reports.Average(static report => report.Queries):F1}, log2(n) {Math.Log2(nodes.Count):F1}");
        output.WriteLine($"first {searches.Select(static search => search.First).Percentile(0.5)}/{searches.Select(static search => search.First).Percentile(0.95)}; done {searches.Select(static search => search.Done).Percentile(0.5)}/{searches.Select(static search => search.Done).Percentile(0.95)}; datagrams {datagrams / Keys}");
        output.WriteLine($"size estimate {nodes[5].Family.Size.Estimate:F0}; table {nodes.Average(static node => node.Family.Table.Count):F0}");
        Assert.All(searches, static search => Assert.NotEmpty(search.Peers));
    }
}
