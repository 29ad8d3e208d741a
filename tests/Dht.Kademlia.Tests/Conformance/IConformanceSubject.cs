using System.Net;

namespace AptP2P.Dht.Kademlia.Tests.Conformance;

/// <summary>A running node of some implementation.</summary>
internal interface IConformanceSubject : IAsyncDisposable
{
    IPEndPoint EndPoint { get; }
}
