using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// The piece lists that peers go by. The one that most of them say themselves is used; one that the origin's own bytes contradict is out
/// for good. What look-ups tell of peers who have not spoken is used where nobody has, and only until bytes contradict it: one node of a
/// DHT can tell anything of any number of peers. A list is never more than a hint: the whole hash decides.
/// </summary>
internal sealed class PieceVotes
{
    private readonly Dictionary<FetchChannel, PieceList> _said = []; // or bytes of theirs agree with it, which says as much
    private readonly Dictionary<FetchChannel, PieceList> _told = [];
    private readonly HashSet<ContentHash> _refuted = [];

    /// <summary>The list to go by now, if there is any.</summary>
    public PieceList? Chosen { get; private set; }

    /// <summary>Whether nobody has said <see cref="Chosen"/> itself.</summary>
    public bool IsHearsay => Chosen is { } list && Count(_said, list) == 0;

    /// <summary>Takes a channel's vote, in place of the one that it had.</summary>
    public void Add(FetchChannel voter, PieceList list, bool isItsWord)
    {
        if (isItsWord)
        {
            _told.Remove(voter);
        }

        (isItsWord ? _said : _told)[voter] = list;
        Choose();
    }

    /// <summary>Notes that a channel's bytes agree with the list.</summary>
    public void Confirm(FetchChannel voter)
    {
        if (!_said.ContainsKey(voter))
        {
            Add(voter, Chosen!, isItsWord: true);
        }
    }

    /// <summary>Takes a list out of the vote.</summary>
    public void Refute(PieceList list)
    {
        _refuted.Add(list.Digest);
        Choose();
    }

    /// <summary>Forgets that the list was told, as it is contradicted. Whoever says it itself is heard all the same.</summary>
    /// <returns>Of whom it was told.</returns>
    public IReadOnlyList<FetchChannel> Forget(PieceList list)
    {
        FetchChannel[] of = [.. _told.Where(vote => vote.Value.Digest == list.Digest).Select(vote => vote.Key)];
        Array.ForEach(of, voter => _told.Remove(voter));
        Choose();
        return of;
    }

    private void Choose()
    {
        // The leader stays until another one has more: a change makes pieces wait that were believed already.
        var best = _said.Values.Concat(_told.Values).DistinctBy(list => list.Digest).Where(list => !_refuted.Contains(list.Digest))
            .OrderByDescending(VotesFor).FirstOrDefault();
        var isLeaderOut = Chosen is null || _refuted.Contains(Chosen.Digest) || VotesFor(Chosen) == (0, 0);
        if (isLeaderOut || VotesFor(best!).CompareTo(VotesFor(Chosen!)) > 0)
        {
            Chosen = best;
        }
    }

    private (int Said, int Told) VotesFor(PieceList list) => (Count(_said, list), Count(_told, list));

    private static int Count(Dictionary<FetchChannel, PieceList> votes, PieceList list) =>
        votes.Where(vote => vote.Value.Digest == list.Digest).Select(vote => vote.Key.Channel.Party).Distinct().Count();
}
