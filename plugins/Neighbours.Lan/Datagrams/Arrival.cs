using System.Net;

namespace AptP2P.Neighbours.Lan.Datagrams;

/// <summary>A datagram that came.</summary>
/// <param name="Index">By which interface.</param>
/// <param name="Sender">From where.</param>
/// <param name="Datagram">Its bytes, until the call returns.</param>
internal readonly record struct Arrival(int Index, IPAddress Sender, ReadOnlyMemory<byte> Datagram);
