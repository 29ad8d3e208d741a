namespace AptP2P.Host.Fetching.Channels;

/// <summary>The channels of one fetch.</summary>
/// <param name="most">How many may be at work at a time, before a further one is turned away that is no origin.</param>
internal sealed class FetchChannels(int most)
{
    private readonly Lock _lock = new();
    private volatile FetchChannel[] _channels = []; // replaced and never changed: each idle channel looks through it many times a second

    public IReadOnlyList<FetchChannel> All => _channels;

    /// <summary>Whether anybody is left but origins.</summary>
    public bool IsAnotherLeft => All.Any(channel => channel is { IsOrigin: false, IsRetired: false });

    /// <summary>
    /// The first origin that failed, or else the first of the others: what the origin said is what apt would have heard without us.
    /// </summary>
    public FetchChannel? FirstFailed => All.Where(channel => channel.IsRetired).OrderBy(channel => !channel.IsOrigin).FirstOrDefault();

    public List<FetchChannel> Live() => [.. _channels.Where(channel => !channel.IsRetired)];

    /// <summary>Those of the origins that have not failed, in the order in which they are brought in.</summary>
    public List<FetchChannel> LiveOrigins() =>
        [.. _channels.Where(channel => channel is { IsOrigin: true, IsRetired: false }).OrderBy(channel => channel.Turn)];

    /// <returns>Whether it was added: it is not when it is there already, or when there are too many.</returns>
    public bool TryAdd(FetchChannel channel)
    {
        lock (_lock)
        {
            // Origins that wait for their turn cost nothing, and are as many as the operator listed.
            var isTooMany = !channel.IsOrigin && _channels.Count(other => !other.IsRetired) >= most;
            if (isTooMany || _channels.Any(other => IsSame(other, channel)))
            {
                return false;
            }

            _channels = [.. _channels, channel];
            return true;
        }
    }

    /// <summary>
    /// Gives a channel up, and before it the other names of an origin's file, unless it is the file that was at fault: the host has been
    /// asked, and its client asks for other names itself. Before, since whoever looks for work meanwhile must not find a name whose turn it
    /// seems to be.
    /// </summary>
    public void Retire(FetchChannel channel, ChannelResult result)
    {
        if (channel.IsOrigin && FetchChannel.IsOfTheHost(result))
        {
            foreach (var namesake in All.Where(other => other != channel && other.IsOrigin && other.Host == channel.Host))
            {
                namesake.Retire(result);
            }
        }

        channel.Retire(result);
    }

    private static bool IsSame(FetchChannel one, FetchChannel other) =>
        one.Source == other.Source && one.Channel.Name == other.Channel.Name;
}
