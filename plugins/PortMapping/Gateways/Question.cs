using System.Diagnostics.CodeAnalysis;

namespace AptP2P.Ports.Gateways;

/// <summary>A datagram that is sent again until it is answered.</summary>
/// <param name="network">The way to the router.</param>
/// <param name="time">The clock.</param>
/// <param name="patience">How long to go on.</param>
internal sealed class Question(IRouterNetwork network, TimeProvider time, TimeSpan patience)
{
    /// <summary>Datagrams that are no answer: as many are read. It stops a flood from keeping us busy.</summary>
    private const int MaxStrays = 64;

    private const int MaxDatagram = 1100; // PCP's (RFC 6887, 7), more than any other's

    /// <summary>Reads an answer; <see langword="null"/> is none.</summary>
    public delegate T? Reader<T>(ReadOnlySpan<byte> datagram) where T : class;

    /// <param name="gateway">Whom to ask.</param>
    /// <param name="port">At which port.</param>
    /// <param name="request">What.</param>
    /// <param name="firstWait">After which time to ask again; twice that the next time, and so on.</param>
    /// <param name="read">Knows the answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns><see langword="null"/> if none came.</returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "a using declaration disposes of it")]
    public async Task<T?> AskAsync<T>(
        Gateway gateway, int port, ReadOnlyMemory<byte> request, TimeSpan firstWait, Reader<T> read, CancellationToken cancellationToken)
        where T : class
    {
        using var socket = network.Open(gateway, port);
        if (socket is null)
        {
            return null;
        }

        var buffer = new byte[MaxDatagram];
        var strays = 0;
        var (wait, left) = (firstWait, patience);
        while (left > TimeSpan.Zero)
        {
            wait = wait < left ? wait : left;
            using var limit = new CancellationTokenSource(wait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                if (!await socket.SendAsync(request, either.Token))
                {
                    return null;
                }

                while (strays < MaxStrays)
                {
                    var length = await socket.ReceiveAsync(buffer, either.Token);
                    if (length < 0)
                    {
                        return null;
                    }

                    if (read(buffer.AsSpan(0, length)) is { } answer)
                    {
                        return answer;
                    }

                    strays++;
                }

                return null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                (left, wait) = (left - wait, wait * 2);
            }
        }

        return null;
    }
}
