using System.Net;
using System.Net.Sockets;
using AptP2P.Host.Daemon;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>The daemon's only way out to origins; see <see cref="IOriginConnector"/>.</summary>
internal sealed class OriginConnector(
    NameCache names, AddressRace race, IMachineAddresses machine, IOptions<UpstreamOptions> options, IOptions<NodeOptions> node,
    TimeProvider time) : IOriginConnector
{
    public async ValueTask<Stream> ConnectAsync(string host, int port, OriginReach reach, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var addresses = TryParse(host) is { } literal ? [literal] : await names.ResolveAsync(host, either.Token);
            if (addresses.Length == 0)
            {
                throw new IOException($"cannot connect to {host} port {port}: it has no address");
            }

            var allowed = Array.FindAll(addresses, address => IsAllowed(address, reach));
            if (allowed.Length == 0)
            {
                throw new OriginRefusedException(Explain(host, addresses[0], reach));
            }

            var others = Array.FindAll(allowed, address => !node.Value.IsAt(address, port));
            var stream =
                others.Length == 0
                    ? null
                    : await race.ConnectAsync(Array.ConvertAll(others, address => new IPEndPoint(address, port)), either.Token);
            if (stream is not null && !IsThisNode(stream))
            {
                return stream;
            }

            stream?.Dispose();
            throw new OriginRefusedException($"{host} port {port} is this daemon itself, which would ask itself in a circle");
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot connect to {host} port {port}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"cannot connect to {host} port {port}: no answer within {options.Value.ConnectTimeout.TotalSeconds} s", e);
        }
    }

    /// <summary>
    /// Whether a client may have anything of a host at all, also from the store: what the daemon keeps of an archive on a network that this
    /// client cannot reach is not for it. Goes by what is known of the name; one that does not resolve protects nothing.
    /// </summary>
    /// <returns>What to tell the client, if it may not.</returns>
    public async ValueTask<string?> FindRefusalAsync(string host, OriginReach reach, CancellationToken cancellationToken)
    {
        var literal = TryParse(host);
        if (reach == OriginReach.Local && literal is null)
        {
            return null; // checked when it is connected to
        }

        var addresses = literal is not null ? [literal] : await names.FindAsync(host, cancellationToken);
        return addresses.Length == 0 || Array.Exists(addresses, address => IsAllowed(address, reach))
            ? null
            : Explain(host, addresses[0], reach);
    }

    /// <summary>Whether a name has an address at all.</summary>
    public async ValueTask<bool> CanResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return (await names.ResolveAsync(host, cancellationToken)).Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IPAddress? TryParse(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;

    private bool IsAllowed(IPAddress address, OriginReach reach) =>
        AddressRules.IsAllowed(address, reach, options.Value.AllowUpstream, machine);

    private bool IsThisNode(Stream stream) =>
        stream is NetworkStream { Socket: { LocalEndPoint: IPEndPoint here, RemoteEndPoint: IPEndPoint there } }
        && node.Value.IsAt(there.Address, there.Port, here.Address);

    /// <summary>
    /// What a name resolves to inside of this network is for its own machine only; an address is what the client has said itself.
    /// </summary>
    private static string Explain(string host, IPAddress address, OriginReach reach)
    {
        var isKnown = reach == OriginReach.Local || TryParse(host) is not null;
        return isKnown
            ? $"{host} is {address}, a network that this client must not reach through the proxy. "
                + "If it should, list it in the configuration: "
                + $"[Proxy] AllowUpstream={address}/{(address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}"
            : $"{host} is in a network that this client must not reach through the proxy. "
                + "If it should, whoever runs the daemon can list its address: [Proxy] AllowUpstream";
    }
}
