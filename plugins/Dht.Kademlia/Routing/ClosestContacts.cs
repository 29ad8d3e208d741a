using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// Of all contacts that are offered, those nearest to a target. The table uses one again and again, so that a search allocates nothing.
/// </summary>
internal sealed class ClosestContacts(int capacity)
{
    private readonly Contact[] _contacts = new Contact[capacity];
    private readonly NodeId[] _distances = new NodeId[capacity];
    private NodeId _target;
    private int _wanted;

    public int Count { get; private set; }

    public bool IsFull => Count >= _wanted;

    public ReadOnlySpan<Contact> Found => _contacts.AsSpan(0, Count);

    public void Begin(NodeId target, int wanted) => (_target, _wanted, Count) = (target, Math.Min(wanted, capacity), 0);

    public void Offer(Contact contact)
    {
        var distance = contact.Id ^ _target;
        if (IsFull && (Count == 0 || distance.CompareTo(_distances[Count - 1]) >= 0))
        {
            return;
        }

        var i = IsFull ? Count - 1 : Count++;
        for (; i > 0 && distance.CompareTo(_distances[i - 1]) < 0; i--)
        {
            (_contacts[i], _distances[i]) = (_contacts[i - 1], _distances[i - 1]);
        }

        (_contacts[i], _distances[i]) = (contact, distance);
    }
}
