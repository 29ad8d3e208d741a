namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>
/// Runs a limited number of searches at a time. An upgrade starts hundreds at once; in a small network the first packets of all go to the
/// same few nodes, and a socket's buffer holds some two hundred.
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

    // A search that knows nobody ends while it is started: without the flag, a thousand of them would nest.
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
