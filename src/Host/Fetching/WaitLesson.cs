using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>What waiting for peers was worth in one fetch, for those that follow.</summary>
internal sealed class WaitLesson(PeerRecord peers, FetchChannels channels)
{
    private bool _hasWaited; // the origin, for peers
    private bool _hasWaitedForNeighbours;

    /// <summary>Notes it when the wait ends.</summary>
    public void Learn(in FetchState state, in SourcePlan plan)
    {
        var found = state.Peers + state.Crowd > 0;
        if (found)
        {
            peers.Found();
        }

        if (state is { OriginSpeed: > 0, PeersSpeed: > 0 })
        {
            peers.WereSlow(state.PeersSpeed < state.OriginSpeed);
        }

        if (_hasWaited && plan.Origin)
        {
            // Those who were found, and do not even say what they have, are late too.
            var live = channels.Live().FindAll(channel => channel.IsPeer);
            if (plan.PeersLate)
            {
                live.ForEach(peers.WasLate);
                peers.WereLate();
            }
            else if (!found && live.Count > 0)
            {
                live.ForEach(peers.WasLate);
            }
            else if (!found)
            {
                peers.SearchedInVain();
            }
        }

        if (_hasWaitedForNeighbours && plan.Origin && state.AwaitsNeighbours)
        {
            peers.WereSlowToSay();
        }

        _hasWaitedForNeighbours = plan is { Origin: false, Peers: not PeerUse.None } && state.AwaitsNeighbours;
        _hasWaited = plan is { Origin: false, Peers: PeerUse.Search } && !state.AwaitsNeighbours;
    }
}
