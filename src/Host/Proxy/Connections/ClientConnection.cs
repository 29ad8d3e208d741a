using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Tunnels;
using AptP2P.Host.Sending;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>
/// One connection of a client, between its socket and Kestrel's HTTP: the bytes pass unchanged, and the requests among them are seen as
/// they come.
/// </summary>
internal sealed class ClientConnection
{
    /// <summary>
    /// What is taken from the socket before Kestrel wants it: 200 of apt's heads, and more than the largest head that Kestrel takes.
    /// </summary>
    private const int MaxAhead = 64 << 10;

    private enum ClientState
    {
        /// <summary>It may still send.</summary>
        Open,

        /// <summary>It has ended its side, or is gone.</summary>
        Closed,

        /// <summary>It wants a tunnel.</summary>
        Connects,
    }

    private static ReadOnlySpan<byte> Connect => "CONNECT "u8;

    private readonly ConnectionContext _connection;
    private readonly ConnectionPlace _place;
    private readonly IDuplexPipe _transport;
    private readonly Socket _socket;
    private readonly ComingRequests _coming;
    private readonly TunnelServer _tunnels;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly SocketOutput _output;
    private readonly Pipe _input;

    /// <param name="connection">As Kestrel's transport made it.</param>
    /// <param name="place">Its room among all.</param>
    /// <param name="coming">Told of each request.</param>
    /// <param name="tunnels">Serve CONNECT.</param>
    /// <param name="time">The time.</param>
    /// <param name="stopping">Cancelled when the daemon begins to stop.</param>
    public ClientConnection(
        ConnectionContext connection, ConnectionPlace place, ComingRequests coming, TunnelServer tunnels, TimeProvider time,
        CancellationToken stopping)
    {
        _place = place;
        (_connection, _transport, _coming, _tunnels, _time, _stopping) = (
            connection, connection.Transport, coming, tunnels, time, stopping);
        _socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        _output = new SocketOutput(_socket, time);
        var pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool;
        _input = new Pipe(
            new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.ThreadPool, MaxAhead, MaxAhead / 2, useSynchronizationContext: false)
        );
    }

    /// <summary>Serves until the connection has ended or can be closed.</summary>
    /// <param name="http">Kestrel's HTTP.</param>
    public async Task ServeAsync(ConnectionDelegate http)
    {
        _connection.Features.Set(_coming);
        _connection.Features.Set(_output);
        var closed = _connection.ConnectionClosed;
        await using var client = new HalfClosed(_output, _time);
        _connection.ConnectionClosed = client.Gone;
        CancellationTokenRegistration closing = default;
        _connection.Transport = new Duplex(_input.Reader, _output);
        var reading = ReadAsync(
            isHttp: () => closing = closed.UnsafeRegister(static client => ((HalfClosed)client!).Ended(), client), client.Cut);
        try
        {
            await http(_connection);
        }
        finally
        {
            await _input.Reader.CompleteAsync();
            _transport.Input.CancelPendingRead();
            var state = await reading;
            await closing.DisposeAsync();
            (_connection.Transport, _connection.ConnectionClosed) = (_transport, closed);
            if (state == ClientState.Connects)
            {
                await TunnelAsync();
            }
            else if (state == ClientState.Open)
            {
                await LingerAsync();
            }

            await _transport.Output.CompleteAsync(); // closes the socket
        }
    }

    /// <summary>Passes on what comes, after a look at it.</summary>
    /// <param name="isHttp">
    /// Called before the first byte goes to Kestrel: from then on it must hear when the client is gone, and gives the connection up. In a
    /// tunnel each side ends by itself.
    /// </param>
    /// <param name="isCut">Called when the connection was reset, or aborted by us.</param>
    /// <returns>What is to be expected of the client now.</returns>
    private async Task<ClientState> ReadAsync(Action isHttp, Action isCut)
    {
        using var scanner = new RequestScanner(_coming.Add);
        using var patience = _place.AwaitFirstByte(_time);
        Exception? failure = null;
        try
        {
            for (var isFirst = true; ;)
            {
                var result = await _transport.Input.ReadAsync();
                if (result.IsCanceled)
                {
                    _transport.Input.AdvanceTo(result.Buffer.Start);
                    return ClientState.Open;
                }

                if (isFirst && MayBeConnect(result.Buffer) && result.Buffer.Length >= Connect.Length)
                {
                    _transport.Input.AdvanceTo(result.Buffer.Start);
                    return ClientState.Connects; // for Kestrel the connection ends before it has begun
                }

                if (isFirst && MayBeConnect(result.Buffer) && !result.IsCompleted)
                {
                    _transport.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    continue;
                }

                if (isFirst)
                {
                    isFirst = false;
                    patience?.Dispose();
                    isHttp();
                }

                scanner.Scan(result.Buffer); // before Kestrel has it: a request's handler finds it among those that have come
                foreach (var segment in result.Buffer)
                {
                    _input.Writer.Write(segment.Span);
                }

                _transport.Input.AdvanceTo(result.Buffer.End);
                var flushed = await _input.Writer.FlushAsync();
                if (result.IsCompleted || flushed.IsCompleted)
                {
                    return result.IsCompleted ? ClientState.Closed : ClientState.Open;
                }
            }
        }
        // Kestrel's transport says so when a connection is reset or aborted
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            failure = e;
            isCut();
            return ClientState.Closed;
        }
        finally
        {
            await _input.Writer.CompleteAsync(failure);
        }
    }

    private static bool MayBeConnect(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> beginning = stackalloc byte[Connect.Length];
        var length = (int)Math.Min(bytes.Length, beginning.Length);
        bytes.Slice(0, length).CopyTo(beginning);
        return Connect.StartsWith(beginning[..length]);
    }

    private async Task TunnelAsync()
    {
        using var work = _place.Begin();
        switch (await _tunnels.ServeAsync(_transport.Input, _socket))
        {
            case TunnelEnd.InOrder:
                await LingerAsync();
                break;
            case TunnelEnd.Quiet:
                break; // the client may keep its side open for long: it is not waited for, and what was sent reaches it all the same
            default:
                _connection.Abort(new ConnectionAbortedException("the tunnel is cut"));
                break;
        }
    }

    private Task LingerAsync() => new Linger(_socket, () => KernelSend.Unconfirmed(_socket), _transport.Input, _time, _stopping).RunAsync();

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
