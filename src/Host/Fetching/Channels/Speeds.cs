using Microsoft.Extensions.Options;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>How fast each host was lately, so that a fetch need not find out anew who brings it sooner. One for the daemon.</summary>
internal sealed class Speeds(IOptions<ChannelOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(SourceRole Role, string Host), LinkedListNode<(SourceRole Role, string Host, Speed Speed)>> _known = [];
    private readonly LinkedList<(SourceRole Role, string Host, Speed Speed)> _used = []; // the latest first

    /// <summary>That of one host, the same object for all fetches. Who was asked least recently is forgotten.</summary>
    public Speed Of(SourceRole role, string host)
    {
        lock (_lock)
        {
            if (_known.Remove((role, host), out var node))
            {
                _used.Remove(node);
            }
            else if (_known.Count >= options.Value.SpeedsKept)
            {
                var last = _used.Last!;
                _known.Remove((last.Value.Role, last.Value.Host));
                _used.Remove(last);
            }

            node ??= new((role, host, new Speed(options.Value, time)));
            _used.AddFirst(node);
            _known[(role, host)] = node;
            return node.Value.Speed;
        }
    }
}
