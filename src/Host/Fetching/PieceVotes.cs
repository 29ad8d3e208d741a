namespace AptP2P.Host.Fetching;

/// <summary>
/// The piece lists that peers go by. The one that most of them give is used; one that the origin's own bytes contradict is out for good. A list
/// is never more than a hint: the whole hash decides.
/// </summary>
internal sealed class PieceVotes
{
    private readonly Dictionary<ContentHash, (PieceList List, int Count)> _votes = [];
    private readonly HashSet<ContentHash> _refuted = [];

    /// <summary>The list to go by now, if there is any.</summary>
    public PieceList? Chosen { get; private set; }

    public void Add(PieceList list)
    {
        _votes[list.Digest] = (list, _votes.GetValueOrDefault(list.Digest).Count + 1);
        Choose();
    }

    /// <summary>Takes a list out of the vote.</summary>
    public void Refute(PieceList list)
    {
        _refuted.Add(list.Digest);
        Choose();
    }

    private void Choose()
    {
        // The leader stays until another one has more: a change makes pieces wait that were believed already.
        var best = _votes.Where(vote => !_refuted.Contains(vote.Key)).OrderByDescending(vote => vote.Value.Count).FirstOrDefault();
        if (Chosen is null || _refuted.Contains(Chosen.Digest) || best.Value.Count > _votes[Chosen.Digest].Count)
        {
            Chosen = best.Value.List;
        }
    }
}
