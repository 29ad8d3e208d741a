using System.Threading.Channels;

namespace AptP2P.Testing.InMemory;

/// <summary>A router that does what the test says.</summary>
public sealed class InMemoryPortMapping : IPortMapping
{
    private readonly Channel<PortMapping> _said = Channel.CreateUnbounded<PortMapping>();

    public void Say(PortMapping mapping) => _said.Writer.TryWrite(mapping);

    public IAsyncEnumerable<PortMapping> WatchAsync(CancellationToken cancellationToken) => _said.Reader.ReadAllAsync(cancellationToken);
}
