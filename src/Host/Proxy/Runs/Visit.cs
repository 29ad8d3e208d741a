using System.Net;

namespace AptP2P.Host.Proxy.Runs;

/// <summary>
/// One connection's part in its client's run. It begins with the first request for an archive's file: peers and browsers have none.
/// </summary>
internal sealed class Visit(AptRuns runs, IPAddress client) : IDisposable
{
    /// <summary>Releases that are remembered as looked at: more than a machine has. A client may invent them.</summary>
    private const int MaxLooked = 100;

    private AptRun? _run;
    private bool _hasBegun;
    private readonly HashSet<(string Authority, string Directory)> _looked = [];

    /// <summary>A request has come. They come one after the other.</summary>
    public void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _run = runs.Enter(client);
        }
    }

    /// <summary>A Release is looked at on this connection: what it says is not older than what the client rests on.</summary>
    /// <returns>Whether it was not before.</returns>
    public bool LooksAt(string authority, string directory)
    {
        if (_looked.Count >= MaxLooked)
        {
            _looked.Clear();
        }

        return _looked.Add((authority, directory));
    }

    public void Add(ProxyMetrics.Answer answer) => _run?.Add(answer);

    public void Dispose()
    {
        if (_run is { } run)
        {
            runs.Leave(run);
        }
    }
}
