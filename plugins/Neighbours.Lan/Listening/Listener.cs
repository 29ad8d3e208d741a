using System.Net;
using System.Security.Cryptography;
using System.Text;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Neighbours.Lan.Listening;

/// <summary>Judges what comes: who is a neighbour, and who only says so.</summary>
internal sealed partial class Listener(
    IOptions<LanOptions> options, LanEnvironment self, IMachineAddresses machine, Neighbourhood neighbourhood, LanMetrics metrics,
    TimeProvider time, ILogger<Listener> logger)
{
    private const int LowestPort = 1024; // what listens below is not one of us, and strangers are not to have us knock there

    private readonly byte[] _infohash = Encoding.ASCII.GetBytes(NetworkName.InfohashOf(self.Secret));
    private readonly byte[] _ownMark = Encoding.ASCII.GetBytes(self.OwnMark);
    private readonly SecondWindow _pace = new(options.Value.DatagramsPerSecond, time);
    private readonly Lock _lock = new(); // each family has a thread of its own
    private bool _hasFound;

    public Sighting Hear(Link? link, Arrival arrival)
    {
        lock (_lock)
        {
            var (heard, sighting) = Judge(link, arrival);
            metrics.Count(heard);
            return sighting;
        }
    }

    private (Heard Heard, Sighting Sighting) Judge(Link? link, Arrival arrival)
    {
        if (!LanMessage.TryRead(arrival.Datagram.Span, _infohash, out var message))
        {
            return (Heard.Malformed, Sighting.None);
        }

        if (!message.IsOurs)
        {
            return (Heard.OtherNetwork, Sighting.None);
        }

        if (message.Cookie.StartsWith(_ownMark))
        {
            return (Heard.Own, Sighting.None);
        }

        if (!_pace.TryTake())
        {
            return (Heard.TooMany, Sighting.None);
        }

        var endPoint = new IPEndPoint(arrival.Sender, message.Port);
        if (link?.Has(arrival.Sender) != true || message.Port < LowestPort || self.IsSelf(endPoint, machine))
        {
            return (Heard.Refused, Sighting.None);
        }

        var sighting = neighbourhood.Hear(endPoint, link, StartOf(message.Cookie));
        if (sighting == Sighting.None)
        {
            return (Heard.TooMany, sighting);
        }

        if (sighting == Sighting.New)
        {
            Log(endPoint, link);
        }

        return (Heard.Neighbour, sighting);
    }

    /// <summary>What tells one start of a neighbour from the next.</summary>
    private static ulong StartOf(ReadOnlySpan<byte> cookie)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(cookie, hash);
        return BitConverter.ToUInt64(hash);
    }

    private void Log(IPEndPoint endPoint, Link link)
    {
        LogNew(endPoint, link.Name);
        if (!_hasFound)
        {
            _hasFound = true;
            LogFound(link.Name);
        }
    }

    [LoggerMessage(6000, LogLevel.Debug, "A new neighbour on {Link}: {EndPoint}")]
    private partial void LogNew(IPEndPoint endPoint, string link);

    [LoggerMessage(6001, LogLevel.Information, "There is a neighbour on {Link}: what neighbours have comes from them")]
    private partial void LogFound(string link);
}
