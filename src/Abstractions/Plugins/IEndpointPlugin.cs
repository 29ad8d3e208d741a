using Microsoft.AspNetCore.Routing;

namespace AptP2P;

/// <summary>A plugin that answers HTTP requests of its own on the host's port.</summary>
public interface IEndpointPlugin : IPlugin
{
    /// <summary>
    /// Maps the plugin's endpoints. Paths of ours live under <c>/p2p/</c> and <c>/.well-known/</c>, and <c>/</c> itself; anything else
    /// belongs to the archives, and a path that is mapped already belongs to whoever has mapped it. They are open to every client: an
    /// endpoint that is not meant for strangers must look at the remote address.
    /// </summary>
    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
