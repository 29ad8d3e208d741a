using System.Net;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>
/// One connection's part in its client's run. It begins with the first request for an archive's file: peers and browsers have none.
/// </summary>
internal sealed class Visit(AptRuns runs, IPAddress client) : IDisposable
{
    private AptRun? _run;
    private bool _hasBegun;

    /// <summary>What is being asked for.</summary>
    public Origin? Origin { get; private set; }

    /// <summary>The number of the run that it is a part of.</summary>
    public long? Run => _run?.Number;

    /// <summary>A request has come. They come one after the other.</summary>
    public void Begin(Origin origin)
    {
        Origin = origin;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _run = runs.Enter(client);
        }
    }

    /// <param name="answer">What was given.</param>
    /// <param name="givers">The names of the peers that gave something of it.</param>
    public void Add(ServedAnswer answer, IReadOnlyCollection<string> givers) => _run?.Add(answer, givers);

    public void Dispose()
    {
        if (_run is { } run)
        {
            runs.Leave(run);
        }
    }
}
