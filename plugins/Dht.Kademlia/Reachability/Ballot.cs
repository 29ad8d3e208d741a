namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>
/// What nodes of other networks say of one port. Two that agree decide, and a third breaks a tie. Where no more can be asked, a yes counts,
/// since a connection has come; a no counts when it was said before.
/// </summary>
/// <param name="wasNo">Whether an earlier round ended without a yes.</param>
internal sealed class Ballot(bool wasNo)
{
    private const int Agreeing = 2;

    private int _yes;
    private int _no;
    private bool _isSilent; // somebody answered, and said nothing of this port
    private bool _isClosed;

    /// <summary>Whether nobody has said anything of the port.</summary>
    public bool IsEmpty => _yes + _no == 0;

    /// <summary>
    /// Whether it needs no more answers: two agree, or somebody who was asked does not say, as who did not try this port; then others are
    /// not asked for its sake alone.
    /// </summary>
    public bool IsEnough => _isSilent || _yes >= Agreeing || _no >= Agreeing;

    /// <summary>What it comes to; <see langword="null"/> while it is undecided.</summary>
    public bool? Verdict =>
        _yes >= Agreeing ? true
        : _no >= Agreeing ? false
        : !_isClosed ? null
        : _yes > 0 ? true
        : _no > 0 && wasNo ? false
        : null;

    /// <param name="reached">What somebody answers; <see langword="null"/> if it says nothing of this port.</param>
    public void Add(bool? reached)
    {
        switch (reached)
        {
            case true:
                _yes++;
                break;
            case false:
                _no++;
                break;
            default:
                _isSilent = true;
                break;
        }
    }

    /// <summary>Nobody else is there to be asked.</summary>
    public void Close() => _isClosed = true;
}
