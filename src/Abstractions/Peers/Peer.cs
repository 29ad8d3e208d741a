using System.Net;

namespace AptP2P;

/// <summary>Somebody who may have a content: they say so, or are worth asking.</summary>
/// <param name="EndPoint">Where they serve it over HTTP (docs/protocol.md).</param>
/// <param name="Pieces">What they claim of its pieces, if they do.</param>
public sealed record Peer(IPEndPoint EndPoint, PieceClaim? Pieces = null);
