using System.Net;

namespace AptP2P.Testing.InMemory;

/// <summary>Neighbours that appear when the test says so.</summary>
public sealed class InMemoryNeighbours : INeighbours
{
    private readonly System.Threading.Channels.Channel<IPEndPoint> _found = System.Threading.Channels.Channel.CreateUnbounded<IPEndPoint>();

    public void Appear(IPEndPoint endPoint) => _found.Writer.TryWrite(endPoint);

    public IAsyncEnumerable<IPEndPoint> WatchAsync(CancellationToken cancellationToken) => _found.Reader.ReadAllAsync(cancellationToken);
}
