namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>
/// What nodes of other networks say of one port. Two that agree decide, and a third breaks a tie. Where no more can be asked, a yes counts,
/// since a connection has come; a no counts when it was said before.
/// </summary>
internal sealed class Ballot
{
    private const int Enough = 2;

    private int _yes;
    private int _no;

    public int Count => _yes + _no;

    public void Add(bool reached)
    {
        if (reached)
        {
            _yes++;
        }
        else
        {
            _no++;
        }
    }

    /// <param name="isAll">Whether nobody else is there to be asked.</param>
    /// <param name="wasNo">Whether an earlier round ended without a yes.</param>
    /// <returns><see langword="null"/> while it is open.</returns>
    public bool? Result(bool isAll, bool wasNo) =>
        _yes >= Enough ? true
        : _no >= Enough ? false
        : !isAll ? null
        : _yes > 0 ? true
        : _no > 0 && wasNo ? false
        : null;
}
