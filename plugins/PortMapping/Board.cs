using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AptP2P.Ports.Keeping;

namespace AptP2P.Ports;

/// <summary>How it stands with each address family, and who listens to that. Thread-safe.</summary>
/// <param name="changed">Is told of each change: before, after, and by whom it stands.</param>
internal sealed class Board(Action<PortMapping?, PortMapping, Held?> changed)
{
    private const int MaxUnread = 64; // of a listener that does not listen: it gets the newest

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressFamily, (PortMapping Mapping, Held? By)> _said = [];
    private readonly List<Channel<PortMapping>> _listeners = [];

    /// <summary>What is known of a family.</summary>
    public (PortMapping Mapping, Held? By)? Find(AddressFamily family)
    {
        lock (_lock)
        {
            return _said.TryGetValue(family, out var said) ? said : null;
        }
    }

    public void Say(PortMapping mapping, Held? by)
    {
        lock (_lock)
        {
            var before = _said.TryGetValue(mapping.Family, out var said) ? said.Mapping : null;
            _said[mapping.Family] = (mapping, by);
            if (mapping != before)
            {
                changed(before, mapping, by);
                _listeners.ForEach(listener => listener.Writer.TryWrite(mapping));
            }
        }
    }

    public async IAsyncEnumerable<PortMapping> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = Channel.CreateBounded<PortMapping>(
            new BoundedChannelOptions(MaxUnread) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            foreach (var (mapping, _) in _said.Values)
            {
                listener.Writer.TryWrite(mapping);
            }

            _listeners.Add(listener);
        }

        try
        {
            await foreach (var mapping in listener.Reader.ReadAllAsync(cancellationToken))
            {
                yield return mapping;
            }
        }
        finally
        {
            lock (_lock)
            {
                _listeners.Remove(listener);
            }
        }
    }
}
