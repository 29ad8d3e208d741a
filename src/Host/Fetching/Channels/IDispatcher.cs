namespace AptP2P.Host.Fetching.Channels;

/// <summary>What gives the channels of one fetch their work, and hears from them.</summary>
internal interface IDispatcher
{
    /// <summary>What is fetched.</summary>
    Content Content { get; }

    /// <summary>Ends when there may be work for a channel that had none. Taken before work is asked for, or a change is missed.</summary>
    Task Changed { get; }

    /// <summary>Whether anything is left to fetch, as far as is known.</summary>
    bool IsAnythingOpen { get; }

    /// <summary>How often a channel without work looks whether another one has become slow.</summary>
    TimeSpan LookAround { get; }

    /// <summary>After how long a peer that is getting the content too is asked again how far it is.</summary>
    TimeSpan AskIntervalOf(FetchChannel channel);

    /// <summary>Whether it may change anything to hear what a peer has by now.</summary>
    bool IsNewsWanted(FetchChannel channel);

    /// <summary>Finds work for a channel that has none.</summary>
    ValueTask<IAssignment?> NextAsync(FetchChannel channel);

    /// <summary>Hears which piece list a channel goes by.</summary>
    void Vote(FetchChannel channel, PieceList list);

    /// <summary>Whether nobody but this channel can serve now.</summary>
    bool IsAlone(FetchChannel channel);

    /// <summary>A channel does no more for this fetch.</summary>
    void Retire(FetchChannel channel, ChannelResult result);

    /// <summary>Has the policy look again.</summary>
    void Reconsider();

    /// <summary>Has the channels without work look again.</summary>
    void Wake();
}
