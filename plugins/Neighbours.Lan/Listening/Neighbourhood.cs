using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using Microsoft.Extensions.Options;

namespace AptP2P.Neighbours.Lan.Listening;

/// <summary>Who is known to be near, and who wants to hear of it.</summary>
internal sealed class Neighbourhood(IOptions<LanOptions> options, TimeProvider time) : INeighbours
{
    /// <summary>A newcomer says three times that it is there, within this time.</summary>
    private static readonly TimeSpan Newness = TimeSpan.FromSeconds(10);
    private const int NewcomersWords = 3;

    private readonly LanOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Neighbour> _neighbours = [];
    private readonly List<ChannelWriter<IPEndPoint>> _listeners = [];

    /// <summary>Those who have given a sign of life lately.</summary>
    public IReadOnlyList<Neighbour> Current
    {
        get
        {
            lock (_lock)
            {
                ForgetOld();
                return [.. _neighbours.Values];
            }
        }
    }

    public async IAsyncEnumerable<IPEndPoint> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // a listener that is slow misses what is older than all that there can be
        var told = Channel.CreateBounded<IPEndPoint>(
            new BoundedChannelOptions(_options.MaxNeighbours) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            ForgetOld();
            foreach (var endPoint in _neighbours.Keys)
            {
                told.Writer.TryWrite(endPoint);
            }

            _listeners.Add(told.Writer);
        }

        try
        {
            await foreach (var endPoint in told.Reader.ReadAllAsync(cancellationToken))
            {
                yield return endPoint;
            }
        }
        finally
        {
            lock (_lock)
            {
                _listeners.Remove(told.Writer);
            }
        }
    }

    /// <summary>Notes a sign of life.</summary>
    /// <param name="endPoint">Of whom.</param>
    /// <param name="link">On which link.</param>
    /// <param name="start">Which of its starts it speaks of: one that has come back knows nobody, however well it is known.</param>
    public Sighting Hear(IPEndPoint endPoint, Link link, ulong start)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_neighbours.TryGetValue(endPoint, out var known) || IsOld(known))
            {
                ForgetOld();
                if (_neighbours.Count >= _options.MaxNeighbours
                    || _neighbours.Keys.Count(other => other.Address.Equals(endPoint.Address)) >= _options.MaxNeighboursPerAddress)
                {
                    return Sighting.None;
                }

                known = new Neighbour(endPoint, link, start, now, now, 0);
            }

            if (known.Start != start)
            {
                known = known with { Start = start, Found = now, Words = 0 };
            }

            known = known with { Link = link, Heard = now, Words = known.Words + 1 };
            _neighbours[endPoint] = known;
            _listeners.ForEach(listener => listener.TryWrite(endPoint));
            return known.Words == 1 ? Sighting.New
                : known.Words <= NewcomersWords && time.GetElapsedTime(known.Found) < Newness ? Sighting.Repeated
                : Sighting.Known;
        }
    }

    /// <summary>Forgets who was heard on a link that is no longer there.</summary>
    public void Keep(IReadOnlyCollection<Link> links)
    {
        lock (_lock)
        {
            Forget(neighbour => !links.Any(link => link.IsSameAs(neighbour.Link)));
        }
    }

    private bool IsOld(Neighbour neighbour) => time.GetElapsedTime(neighbour.Heard) >= _options.NeighbourLife;

    private void ForgetOld() => Forget(IsOld);

    private void Forget(Predicate<Neighbour> which)
    {
        foreach (var gone in _neighbours.Values.Where(neighbour => which(neighbour)).ToArray())
        {
            _neighbours.Remove(gone.EndPoint);
        }
    }
}

/// <summary>Somebody near.</summary>
/// <param name="EndPoint">Where they listen.</param>
/// <param name="Link">By which link they were heard last.</param>
/// <param name="Start">Which of its starts that was.</param>
/// <param name="Found">When it was heard first since (a timestamp).</param>
/// <param name="Heard">When last.</param>
/// <param name="Words">How often since.</param>
internal sealed record Neighbour(IPEndPoint EndPoint, Link Link, ulong Start, long Found, long Heard, int Words);
