using System.Net;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>
/// One connection's part in its client's run. It begins with the first request for an archive's file: peers and browsers have none.
/// </summary>
internal sealed class Visit(AptRuns runs, IPAddress client) : IDisposable
{
    private AptRun? _run;
    private bool _hasBegun;

    /// <summary>A request has come. They come one after the other.</summary>
    public void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _run = runs.Enter(client);
        }
    }

    public void Add(ServedAnswer answer) => _run?.Add(answer);

    public void Dispose()
    {
        if (_run is { } run)
        {
            runs.Leave(run);
        }
    }
}
