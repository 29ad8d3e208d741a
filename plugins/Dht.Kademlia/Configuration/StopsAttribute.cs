namespace AptP2P.Dht.Kademlia.Configuration;

/// <summary>Marks an option as a limit and says what it stops: an attack, or a cost.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StopsAttribute(string what) : Attribute
{
    public string What { get; } = what;
}
