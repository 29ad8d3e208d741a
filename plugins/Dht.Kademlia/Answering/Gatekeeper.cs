using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Decides which queries are answered and how large an answer may be. It counts queries only: answers come because we asked, and what is no
/// message is dropped before.
/// </summary>
internal sealed class Gatekeeper(KademliaOptions options, Random random)
{
    private readonly RateLimit _addresses = new(
        options.RateCells, options.QueriesPerSecondPerAddress, options.QueryBurstPerAddress, random);
    private readonly RateLimit _subnets = new(options.RateCells, options.QueriesPerSecondPerSubnet, options.QueryBurstPerSubnet, random);
    private readonly RateLimit _full = new(
        options.RateCells, Math.Max(1, options.FullAnswersToUnproven / 10), options.FullAnswersToUnproven, random);
    private readonly RateLimit _answers = new(1, options.AnswerBytesPerSecond, options.AnswerBytesBurst, random);

    public ProvenAddresses Proven { get; } = new(options);

    /// <summary>Whether a query is answered at all.</summary>
    public bool Admits(UdpEndpoint from, TimeSpan now)
    {
        // Both are counted: so a flood from many addresses of a subnet uses up only what the subnet may have.
        var address = _addresses.TryTake(from.Address, now);
        return address && _subnets.TryTake(from.Subnet, now);
    }

    /// <summary>Whether an answer may be sent to an unproven address.</summary>
    public bool Releases(int length, TimeSpan now) => _answers.TryTake(default, now, length);

    /// <summary>How large an answer to an address may be, in bytes.</summary>
    public int AnswerLimit(UdpEndpoint to, TimeSpan now) =>
        Proven.Contains(to, now) || _full.TryTake(to.Address, now) ? options.MaxDatagram : options.MaxUnprovenAnswer;
}
