using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>What waiting for peers was worth in one fetch, for those that follow.</summary>
internal sealed class WaitLesson(PeerRecord peers, FetchChannels channels)
{
    private bool _hasWaited; // the origin, for peers

    /// <summary>Notes it when the wait ends.</summary>
    public void Learn(in FetchState state, in SourcePlan plan)
    {
        var found = state.Peers + state.Crowd > 0;
        if (found)
        {
            peers.Found();
        }

        if (_hasWaited && plan.Origin)
        {
            // Those who were found, and do not even say what they have, are late too.
            if (plan.PeersLate || (!found && channels.Live().Exists(channel => channel.IsPeer)))
            {
                peers.WereLate();
            }
            else if (!found)
            {
                peers.SearchedInVain();
            }
        }

        _hasWaited = !plan.Origin;
    }
}
