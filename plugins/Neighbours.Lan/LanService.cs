using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Neighbours.Lan;

/// <summary>
/// Takes part in local service discovery for as long as the daemon runs, on whatever network that is. Where there is none, or it cannot
/// take part, it says so once and goes on trying.
/// </summary>
internal sealed partial class LanService(
    IOptions<LanOptions> options, LanEnvironment self, IMulticast groups, Listener listener, Neighbourhood neighbourhood,
    IMachineAddresses machine, LanMetrics metrics, Random random, TimeProvider time, ILogger<LanService> logger) : BackgroundService
{
    private const int MaxSaid = 64; // states that are remembered as said; an interface that has a new name each time must not fill memory

    private readonly LanOptions _options = options.Value;
    private readonly string _infohash = NetworkName.InfohashOf(options.Value.NetworkSecret);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (Link Link, Beacon Beacon)> _links = [];
    private readonly HashSet<string> _said = [];
    private int _starts; // so that neighbours who know us already answer all the same

    // one note is enough to wake the loop
    private readonly Channel<bool> _heard = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether it may take part at all.</summary>
    public bool IsOn => self.Reach != PeerReach.Off;

    /// <summary>The interfaces that are used now.</summary>
    public IReadOnlyList<string> Interfaces
    {
        get
        {
            lock (_lock)
            {
                return [.. _links.Values.Select(each => each.Link.Name)];
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsOn)
        {
            return;
        }

        try
        {
            var seen = machine.Changes;
            for (var hasChanged = false; ;)
            {
                Refresh(hasChanged);
                var now = await SpeakUntilChangeAsync(seen, stoppingToken);
                (hasChanged, seen) = (now != seen, now);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
        finally
        {
            await groups.DisposeAsync();
        }
    }

    /// <summary>
    /// Says what is due until the network has changed, or until it is to be looked at again: not every system tells of every change.
    /// </summary>
    private async Task<int> SpeakUntilChangeAsync(int seen, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changed = machine.WaitForChangeAsync(seen, end.Token);
        var old = Task.Delay(_options.Interval, time, end.Token);
        try
        {
            while (true)
            {
                var wait = SendDue();
                using var woken = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                var heard = _heard.Reader.WaitToReadAsync(woken.Token).AsTask();
                var first = await Task.WhenAny(changed, old, heard, Task.Delay(wait, time, woken.Token));
                await woken.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                if (first == changed)
                {
                    return await changed;
                }

                if (first == old)
                {
                    return seen;
                }

                _heard.Reader.TryRead(out _);
            }
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private void Refresh(bool hasChanged)
    {
        var report = groups.Refresh(Receive);
        lock (_lock)
        {
            foreach (var gone in _links.Keys.Except(report.Links.Select(link => link.Index)).ToArray())
            {
                _links.Remove(gone);
            }

            foreach (var link in report.Links)
            {
                if (!_links.TryGetValue(link.Index, out var known) || !known.Link.IsSameAs(link))
                {
                    _links[link.Index] = (link, new Beacon(_options, random, time));
                    _starts++;
                }
                else if (hasChanged)
                {
                    known.Beacon.Change();
                }
            }
        }

        neighbourhood.Keep(report.Links);
        Say(report.Problems);
        if (report.Links.Length == 0 ? IsNews("") : IsNews(string.Join(", ", report.Links.Select(link => link.Name))))
        {
            LogState(report.Links);
        }
    }

    /// <returns>When there is something to say again.</returns>
    private TimeSpan SendDue()
    {
        Link[] due;
        TimeSpan wait;
        lock (_lock)
        {
            due = [.. _links.Values.Where(each => each.Beacon.TryTake()).Select(each => each.Link)];
            wait = _links.Values.Select(each => each.Beacon.Wait).DefaultIfEmpty(_options.Interval).Min();
        }

        foreach (var link in due)
        {
            var report = groups.Send(link, group => LanMessage.Write(group, self.EndPoint.Port, _infohash, $"{self.OwnMark}-{_starts}"));
            metrics.Sent(report.Datagrams);
            Say(report.Problems);
        }

        return TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)); // a timer takes whole ones, and would come too early
    }

    private void Receive(Arrival arrival)
    {
        (Link Link, Beacon Beacon) found;
        lock (_lock)
        {
            _links.TryGetValue(arrival.Index, out found);
        }

        var sighting = listener.Hear(found.Link, arrival);
        if (sighting is Sighting.New or Sighting.Repeated)
        {
            lock (_lock)
            {
                found.Beacon.Hear(sighting);
            }

            _heard.Writer.TryWrite(true);
        }
    }

    private void Say(string[] problems)
    {
        foreach (var problem in problems.Where(IsNews))
        {
            LogProblem(problem);
        }
    }

    private bool IsNews(string state) => _said.Count < MaxSaid && _said.Add(state);

    private void LogState(Link[] links)
    {
        if (links.Length == 0)
        {
            LogNoLink();
        }
        else
        {
            LogLinks(string.Join(", ", links.Select(link => link.Name)));
        }
    }

    [LoggerMessage(6010, LogLevel.Information, "Looks for neighbours on {Links}")]
    private partial void LogLinks(string links);

    [LoggerMessage(6011, LogLevel.Information, "There is no network to look for neighbours on. When there is one, they are looked for")]
    private partial void LogNoLink();

    [LoggerMessage(6012, LogLevel.Warning, "Neighbours may not be found: {Problem}. It is tried again when the network changes")]
    private partial void LogProblem(string problem);
}
