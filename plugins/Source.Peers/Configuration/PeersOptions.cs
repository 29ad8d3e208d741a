using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AptP2P.Source.Peers.Configuration;

/// <summary>How this node gets from peers, and what it gives them.</summary>
public sealed class PeersOptions : IValidatableObject
{
    [Description("Whether this node gets from peers. false: it only gives (a seed), as a server that fills itself from the mirror alone.")]
    public bool Fetch { get; set; } = true;

    [Description("Networks whose peers are dealt with, in both directions, such as 192.168.0.0/16,fd00::/8. Empty: all.")]
    public IPNetwork[] Networks { get; set; } = [];

    [Description("Networks whose peers are not dealt with, though they may be within Networks, such as 192.168.7.0/24 for guests.")]
    public IPNetwork[] ExceptNetworks { get; set; } = [];

    [Description("How long connecting to a peer may take. Short: where one is dead, others live.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    [Description("How long a peer may think before it answers; it has the bytes at hand.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(2);

    [Description("How long a peer may pause inside a body before others get its work.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(2);

    [Description("How long an unused connection to a peer is kept, for the next piece or package.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(1);

    [Description("Peers tried for one content. More would only cost connections; a hostile look-up could name any number.")]
    [Range(1, 1000)]
    public int PeersPerContent { get; set; } = 64;

    [Description(
        "Peers remembered because they were good, and asked about the next contents before any look-up. Each question costs each of them "
        + "a packet.")]
    [Range(0, 64)]
    public int KnownPeers { get; set; } = 8;

    [Description(
        "Neighbours that are asked about each content before any look-up, those first that gave the last sign of life. Each question costs "
        + "each of them a packet. 0: only those are asked that were good.")]
    [Range(0, 256)]
    public int Neighbours { get; set; } = 32;

    [Description("Ports below this are not connected to: other services are there, and a stranger could name them to have them disturbed.")]
    [Range(1, 65535)]
    public int LowestPort { get; set; } = 1024;

    [Description("For how long a peer that sent wrong bytes is refused the first time; each further time is four times as long.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FirstRefusal { get; set; } = TimeSpan.FromMinutes(10);

    [Description("The longest refusal. Addresses change hands, so none is for ever.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan LongestRefusal { get; set; } = TimeSpan.FromDays(7);

    [Description(
        "Bytes per second given to all peers beyond the local network together; 0 is no limit. A default that leaves a home line usable.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize UploadLimit { get; set; } = new(2 << 20);

    [Description(
        "Times of day, in local time, with another UploadLimit, such as 22:00-06:00 10MB,12:00-13:00 500KB. At all other times "
        + "UploadLimit holds. apt itself is never limited.")]
    public UploadHours[] UploadSchedule { get; set; } = [];

    [Description(
        "Bytes per second given together to peers of the local network: with private or loopback addresses, or an IPv6 address with the "
        + "prefix of one of this machine's links. 0 is no limit. A local network costs nothing.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize LocalUploadLimit { get; set; } = new(0);

    [Description("Bytes per second given to any one address (IPv6: /64), within those limits; 0 is a fair share only.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize UploadLimitPerPeer { get; set; } = new(0);

    [Description(
        "A peer that takes an answer more slowly than this, on average, has no use for it, and holds a place: its answer is ended. Time "
        + "in which this node's own upload limits make it wait does not count. 0: never.")]
    [Range(typeof(ByteSize), "0", "1TiB")]
    public ByteSize LowestUploadRate { get; set; } = new(16 << 10);

    [Description("How long an answer may be slower than LowestUploadRate before that matters.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LowestUploadTime { get; set; } = TimeSpan.FromSeconds(15);

    [Description(
        "Hashes per second that one address (IPv6: /64) may ask about with /p2p/have, and ten seconds' worth at once; more get 429. Each "
        + "is a look at the disk, and tells what this node has. 0 is no limit.")]
    [Range(0, 1_000_000)]
    public int HashesPerAddress { get; set; } = 200;

    [Description(
        "Answers to peers at a time; more get 503, but when all places are taken, a newcomer gets one of the network (/24, IPv6: /48) or "
        + "address with most. Each holds a connection and a file open.")]
    [Range(1, 10_000)]
    public int Uploads { get; set; } = 256;

    [Description("Answers to one address (IPv6: /64) at a time, so that none takes all. A whole household may be behind one.")]
    [Range(1, 10_000)]
    public int UploadsPerAddress { get; set; } = 32;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < UploadSchedule.Length; i++)
        {
            if (UploadSchedule.Take(i).FirstOrDefault(UploadSchedule[i].Overlaps) is { } other)
            {
                yield return new ValidationResult(
                    $"{other} and {UploadSchedule[i]} overlap; one time has one limit", [nameof(UploadSchedule)]);
            }
        }
    }
}
