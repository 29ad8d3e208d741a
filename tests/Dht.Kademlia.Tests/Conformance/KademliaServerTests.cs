using System.Net;

namespace AptP2P.Dht.Kademlia.Tests.Conformance;

/// <summary>Our node, on a real socket.</summary>
public sealed class KademliaServerTests() : ServerConformance("127.41")
{
    private protected override async Task<IConformanceSubject> StartAsync(string address)
    {
        var folder = new TemporaryFolder();
        return new OurNode(folder, await Daemon.StartAsync(address, folder));
    }

    private sealed class OurNode(TemporaryFolder folder, Daemon daemon) : IConformanceSubject
    {
        public IPEndPoint EndPoint => daemon.EndPoint;

        public async ValueTask DisposeAsync()
        {
            await daemon.DisposeAsync();
            folder.Dispose();
        }
    }
}
