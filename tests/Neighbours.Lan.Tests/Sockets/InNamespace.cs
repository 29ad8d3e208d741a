using System.Net;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Testing.Networks;

namespace AptP2P.Neighbours.Lan.Tests.Sockets;

/// <summary>The real groups, on a host of a test's own network: what makes sockets or reads interfaces is called in there.</summary>
internal sealed class InNamespace(NetworkNamespace host, IMulticast groups) : IMulticast
{
    private readonly TaskCompletionSource _refreshed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when it was looked for links for the first time.</summary>
    public Task Refreshed => _refreshed.Task;

    public LinkReport Refresh(Action<Arrival> receive)
    {
        var report = host.Enter(() => groups.Refresh(receive));
        _refreshed.TrySetResult();
        return report;
    }

    public LinkReport Send(Link link, Func<IPEndPoint, byte[]> write) => host.Enter(() => groups.Send(link, write));

    public ValueTask DisposeAsync() => groups.DisposeAsync();
}
