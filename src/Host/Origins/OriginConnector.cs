using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins;

/// <summary>The daemon's only way out to origins; see <see cref="IOriginConnector"/>.</summary>
internal sealed class OriginConnector(IOptions<UpstreamOptions> options, TimeProvider time) : IOriginConnector
{
    public async ValueTask<Stream> ConnectAsync(string host, int port, OriginReach reach, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, cancellationToken);
        var allowed = addresses.Where(address => AddressRules.IsAllowed(address, reach, options.Value.AllowUpstream)).ToArray();
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new OriginRefusedException(Explain(host, addresses[0]));
        }

        Exception? last = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                using var limit = new CancellationTokenSource(options.Value.ConnectTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
                await socket.ConnectAsync(new IPEndPoint(address, port), either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        var reason = last is OperationCanceledException ? $"no answer within {options.Value.ConnectTimeout.TotalSeconds} s" : last?.Message ?? "it has no address";
        throw new IOException($"cannot connect to {host} port {port}: {reason}", last);
    }

    /// <summary>Whether a client may have anything of a host at all, also from the store. A name that does not resolve protects nothing.</summary>
    /// <returns>What to tell the client, if it may not.</returns>
    public async ValueTask<string?> FindRefusalAsync(string host, OriginReach reach, CancellationToken cancellationToken)
    {
        if (reach == OriginReach.Local && !IPAddress.TryParse(host, out _))
        {
            return null; // checked when it is connected to
        }

        try
        {
            var addresses = await ResolveAsync(host, cancellationToken);
            return addresses.Length == 0 || addresses.Any(address => AddressRules.IsAllowed(address, reach, options.Value.AllowUpstream))
                ? null
                : Explain(host, addresses[0]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Explain(string host, IPAddress address) =>
        $"{host} is {address}, a network that this client must not reach through the proxy. " +
        $"If it should, list it in the configuration: [Proxy] AllowUpstream={address}/{(address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}";

    private static async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new IOException($"the name {host} cannot be resolved: {e.Message}", e);
        }
    }
}
