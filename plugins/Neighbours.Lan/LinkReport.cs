using System.Net;

namespace AptP2P.Neighbours.Lan;

/// <summary>How it went.</summary>
/// <param name="Links">Those on which it did.</param>
/// <param name="Datagrams">How many went out.</param>
/// <param name="Problems">What was in the way, for people.</param>
internal sealed record LinkReport(Link[] Links, int Datagrams, string[] Problems);

/// <summary>A datagram that came.</summary>
/// <param name="Index">By which interface.</param>
/// <param name="Sender">From where.</param>
/// <param name="Datagram">Its bytes, until the call returns.</param>
internal readonly record struct Arrival(int Index, IPAddress Sender, ReadOnlyMemory<byte> Datagram);
