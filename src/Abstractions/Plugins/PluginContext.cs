using System.Net;

namespace AptP2P;

/// <summary>What a plugin may know of the node it runs in.</summary>
/// <param name="StateFolder">A folder for this plugin alone, which survives restarts. It exists.</param>
/// <param name="EndPoint">Where the node listens: TCP for apt and peers, the same number in UDP for a DHT.</param>
public sealed record PluginContext(string StateFolder, IPEndPoint EndPoint);
