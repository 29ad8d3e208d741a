namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>
/// Runs so many searches at a time: an upgrade starts hundreds at once, and in a small network the first packets of all of them go to the
/// same few nodes, whose sockets hold some two hundred.
/// </summary>
internal sealed class SearchQueue(int atOnce)
{
    private readonly Queue<PeerSearch> _waiting = new();
    private int _running;
    private bool _starting;

    public void Add(PeerSearch search)
    {
        _waiting.Enqueue(search);
        StartNext();
    }

    public void Ended()
    {
        _running--;
        StartNext();
    }

    // A search that knows nobody ends while it is started; the flag keeps a thousand of them from nesting.
    private void StartNext()
    {
        if (_starting)
        {
            return;
        }

        _starting = true;
        while (_running < atOnce && _waiting.TryDequeue(out var next))
        {
            if (!next.IsEnded)
            {
                _running++;
                next.Start();
            }
        }

        _starting = false;
    }
}
