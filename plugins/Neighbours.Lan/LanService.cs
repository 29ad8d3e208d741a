using System.Threading.Channels;
using AptP2P.Neighbours.Lan.Announcing;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Listening;
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
    private readonly string _infohash = NetworkName.InfohashOf(self.Secret);
    private readonly LinkTable _links = new(options.Value, random, time);
    private readonly HashSet<string> _said = [];
    private int _starts; // so that neighbours who know us already answer all the same

    // one note is enough to wake the loop
    private readonly Channel<bool> _heard = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether it may take part at all.</summary>
    public bool IsOn => self.Reach != PeerReach.Off;

    /// <summary>The interfaces that are used now.</summary>
    public IEnumerable<string> Interfaces => _links.All.Select(link => link.Name);

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
        if (_links.Update(report.Links, hasChanged))
        {
            _starts++;
        }

        neighbourhood.Keep(report.Links);
        Say(report.Problems);
        SayWhere(string.Join(", ", report.Links.Select(link => link.Name)));
    }

    /// <returns>When there is something to say again.</returns>
    private TimeSpan SendDue()
    {
        var (due, wait) = _links.TakeDue();
        foreach (var link in due)
        {
            var report = groups.Send(
                link, group => LanMessage.Write(group, self.EndPoint.Port, _infohash, $"{self.OwnMark}-{_starts}"));
            metrics.Sent(report.Datagrams);
            Say(report.Problems);
        }

        return wait;
    }

    private void Receive(Arrival arrival)
    {
        var sighting = listener.Hear(_links.Find(arrival.Index), arrival);
        if (sighting is Sighting.New or Sighting.Repeated)
        {
            _links.Hear(arrival.Index, sighting);
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

    private void SayWhere(string links)
    {
        if (!IsNews(links))
        {
            return;
        }

        if (links.Length == 0)
        {
            LogNoLink();
        }
        else
        {
            LogLinks(links);
        }
    }

    [LoggerMessage(6010, LogLevel.Information, "Looks for neighbours on {Links}")]
    private partial void LogLinks(string links);

    [LoggerMessage(6011, LogLevel.Information, "There is no network to look for neighbours on. When there is one, they are looked for")]
    private partial void LogNoLink();

    [LoggerMessage(6012, LogLevel.Warning, "Neighbours may not be found: {Problem}. It is tried again when the network changes")]
    private partial void LogProblem(string problem);
}
