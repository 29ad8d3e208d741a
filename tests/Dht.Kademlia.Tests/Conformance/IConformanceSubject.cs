using System.Net;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>A running node of some implementation.</summary>
internal interface IConformanceSubject : IAsyncDisposable
{
    IPEndPoint EndPoint { get; }
}
