namespace AptP2P.Dht.Kademlia;

/// <summary>What a node keeps for others.</summary>
internal sealed record Storages(ContactStore Contacts, Tokens Tokens);
