using System.Net;
using System.Net.Sockets;

namespace AptP2P.Ports.Sockets;

/// <summary>
/// Hears what routers tell all hosts: that they have forgotten their mappings, or have another address (RFC 6887, 14.1.3; RFC 6886, 3.2.1).
/// </summary>
internal sealed class Announcements(SocketNetwork network)
{
    private const int Port = 5350;
    private const int RouterPort = 5351;
    private const int MaxDatagram = 1100;

    // The group is the address of this one socket: nothing that is sent to this machine alone gets there. IPv6's would need an interface.
    private static readonly IPEndPoint[] Places =
        [new(IPAddress.Parse("224.0.0.1"), Port), new(IPAddress.IPv6Any, Port)];

    /// <summary>Runs until it is cancelled. Where the port cannot be had, nothing is heard.</summary>
    /// <param name="heard">Is told of each datagram, and who sent it as far as one can know.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RunAsync(Action<IPAddress, ReadOnlyMemory<byte>> heard, CancellationToken cancellationToken) =>
        Task.WhenAll(Places.Select(place => RunAsync(place, heard, cancellationToken)));

    private async Task RunAsync(IPEndPoint at, Action<IPAddress, ReadOnlyMemory<byte>> heard, CancellationToken cancellationToken)
    {
        using var socket = network.OpenForAnnouncements(at);
        if (socket is null)
        {
            return;
        }

        var buffer = new byte[MaxDatagram];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, at, cancellationToken);
                if (received.RemoteEndPoint is IPEndPoint { Port: RouterPort } from)
                {
                    heard(from.Address, buffer.AsMemory(0, received.ReceivedBytes));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // the end, or as if nobody told anything
        }
    }
}
