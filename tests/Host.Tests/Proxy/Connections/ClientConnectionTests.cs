using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Contents;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Tunnels;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy.Connections;

/// <summary>How connections end, and what they hold.</summary>
public sealed class ClientConnectionTests
{
    [Fact]
    public async Task End_BodyThatEndsEarlyWithUnreadRequestsBehind_EveryByteArrivesThenTheEnd()
    {
        await using var rig = await StartAsync("127.50.3.1");
        var package = Assert.Single(await rig.PublishAsync(1, length: 3_000_000));
        package.Channel.Script(new ChannelAct { StallAfter = 0, EndAfter = 1_000_000, Outcome = ChannelOutcome.Cut });
        package.Channel.Otherwise = ChannelAct.Fail(ChannelOutcome.Gone);
        using var client = await rig.ConnectAsync();
        await using var stream = new NetworkStream(client);
        var behind = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat($"GET /p2p/nothing HTTP/1.1\r\nHost: {rig.EndPoint}\r\n\r\n", 4_000)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(rig.Get(package)), Cancellation);
        var writing = stream.WriteAsync(behind, Cancellation); // more than the daemon and the kernel take
        await package.Channel.StalledAsync(Cancellation);
        package.Channel.Release();

        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation); // a reset would throw
        await writing;

        var answer = read.ToArray();
        var head = answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        Assert.Contains("\r\nContent-Length: 3000000\r\n", Encoding.ASCII.GetString(answer, 0, head), StringComparison.Ordinal);
        Assert.InRange(answer.Length - head, 1, package.Bytes.Length - 1);
        Assert.True(answer.AsSpan(head).SequenceEqual(package.Bytes.AsSpan(0, answer.Length - head)));
    }

    [Theory]
    [InlineData("Connection: close\r\n")] // the last answer was asked for
    [InlineData("Content-Length: nonsense\r\n")] // the daemon will have no more of this
    public async Task End_MoreUnreadThanAnyBufferTakes_TheAnswerArrivesThenTheEnd(string last)
    {
        await using var rig = await StartAsync("127.50.3.5", services => services.AddSingleton<TimeProvider>(new VirtualTime()));
        using var client = await rig.ConnectAsync();
        await using var stream = new NetworkStream(client);
        var request = Encoding.ASCII.GetBytes($"GET /p2p/nothing HTTP/1.1\r\nHost: {rig.EndPoint}\r\n{last}\r\n");
        var behind = new byte[12 << 20]; // the kernel's buffers have 10 MiB at most: the end comes while there are still bytes to come
        "GET "u8.CopyTo(behind);

        await stream.WriteAsync(request, Cancellation);
        var writing = stream.WriteAsync(behind, Cancellation);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation); // a reset would throw
        await writing; // as would this

        Assert.StartsWith("HTTP/1.1 4", Encoding.ASCII.GetString(read.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_ClientThatSendsAfterIt_IsNotReset()
    {
        await using var rig = await StartAsync("127.50.3.6", services => services.AddSingleton<TimeProvider>(new VirtualTime()));
        using var client = await rig.ConnectAsync();
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /p2p/nothing HTTP/1.1\r\nHost: {rig.EndPoint}\r\nConnection: close\r\n\r\n"), Cancellation);
        var bytes = new byte[1];
        while (await stream.ReadAsync(bytes, Cancellation) > 0)
        {
        }

        for (var sent = 0; sent < 3; sent++) // what is sent to a closed socket is answered by a reset, and the next byte finds that
        {
            await stream.WriteAsync(bytes, Cancellation);
        }

        Assert.False(client.Poll(0, SelectMode.SelectError));
        client.Shutdown(SocketShutdown.Send);
    }

    [Fact]
    public async Task End_ClientThatSendsOn_IsCutOffInTheEnd()
    {
        await using var rig = await StartAsync("127.50.3.2");
        using var client = await rig.ConnectAsync();
        await client.SendAsync(
            Encoding.ASCII.GetBytes($"GET /p2p/nothing HTTP/1.1\r\nHost: {rig.EndPoint}\r\nConnection: close\r\n\r\n"), Cancellation);
        await using var stream = new NetworkStream(client);
        await stream.CopyToAsync(Stream.Null, Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            var bytes = new byte[1 << 20];
            for (var sent = 0; sent < 1_000; sent++) // far more than is dropped for anybody
            {
                await stream.WriteAsync(bytes, Cancellation);
            }
        });
    }

    [Fact]
    public async Task Read_HttpThatDoesNotRead_TakesLittleFromTheSocket()
    {
        await using var rig = await StartAsync("127.50.3.3"); // for what a connection needs of it
        using var listener = new TcpListener(IPAddress.Parse("127.50.3.4"), 0);
        listener.Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint, Cancellation);
        using var socket = await listener.AcceptSocketAsync(Cancellation);
        const int Portion = 4096;
        var socketInput = new Pipe(
            new PipeOptions(
                readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: Portion,
                resumeWriterThreshold: 1));
        await using var connection = new DefaultConnectionContext(
            "test", new Duplex(socketInput.Reader, new Pipe().Writer), application: null!);
        connection.Features.Set<IConnectionSocketFeature>(new SocketFeature(socket));
        await using var coming = new ComingRequests((_, _, _) => Task.FromResult<OpenedContent?>(null), limit: 10);
        var end = new TaskCompletionSource();
        using var place = rig.Services.GetRequiredService<ConnectionGate>().Enter(IPAddress.Loopback, () => { });
        var serving = new ClientConnection(
            connection, place!, coming, rig.Services.GetRequiredService<TunnelServer>(), new VirtualTime(),
            CancellationToken.None).ServeAsync(_ =>
            end.Task);

        var requests = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("GET /p2p/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 1 + (Portion / 40))))[..Portion];
        var taken = 0;
        while (taken < 1 << 20)
        {
            requests.CopyTo(socketInput.Writer.GetMemory(Portion));
            socketInput.Writer.Advance(Portion);
            taken += Portion;
            if (!socketInput.Writer.FlushAsync(Cancellation).AsTask().IsCompleted)
            {
                break; // nobody reads it
            }
        }

        Assert.InRange(taken, 64 << 10, 80 << 10);
        await socketInput.Writer.CompleteAsync();
        end.SetResult();
        await serving;
    }

    [Fact]
    public async Task Connect_StrangerThatSaysNothing_IsClosedAndAnotherServed()
    {
        var time = new VirtualTime();
        await using var rig = await StartAsync(
            "127.50.3.7", services => services.AddSingleton<TimeProvider>(time), "--Proxy:Allow=127.50.3.9");
        using var silent = await rig.ConnectAsync();
        await using var nothing = new NetworkStream(silent);
        var closing = Task.Run(async () =>
        {
            try
            {
                return await nothing.ReadAsync(new byte[1], Cancellation);
            }
            catch (IOException) // a reset
            {
                return 0;
            }
        });

        Assert.Equal(0, await time.RunAsync(closing));

        using var client = await rig.ConnectAsync();
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /p2p/nothing HTTP/1.1\r\nHost: {rig.EndPoint}\r\n\r\n"), Cancellation);
        Assert.Equal(404, Assert.Single(await ReadAsync(stream, 1)).Status);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed record SocketFeature(Socket Socket) : IConnectionSocketFeature;
}
