using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Sending;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Win32.SafeHandles;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Sending;

/// <summary>That what goes through the kernel alone is what would have gone through memory.</summary>
public sealed class SocketOutputTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Flush_BytesAndPartsOfFilesByTurns_ArriveInTheirOrder()
    {
        var file = TestContent.Bytes(3 << 20, seed: 1);
        await File.WriteAllBytesAsync(_path, file, Cancellation);
        using var handle = File.OpenHandle(_path);
        for (var seed = 0; seed < 20; seed++)
        {
            var (sender, receiver) = await ConnectAsync("127.50.4.1");
            using (sender)
            using (receiver)
            {
                var output = new SocketOutput(sender, new VirtualTime());
                using var expected = new MemoryStream();
                using var received = new MemoryStream();
                await using var stream = new NetworkStream(receiver);
                var reading = stream.CopyToAsync(received, Cancellation);
                var random = new Random(seed);
                for (var step = 0; step < 30; step++)
                {
                    if (random.Next(2) == 0)
                    {
                        var start = random.Next(file.Length);
                        var count = random.Next(1, Math.Min(SocketOutput.Window, file.Length - start) + 1);
                        output.Attach(handle, start);
                        Assert.True(output.IsWindow(output.GetMemory(count)));
                        output.Advance(count);
                        await FlushAsync(output);
                        output.Detach();
                        expected.Write(file, start, count);
                    }
                    else
                    {
                        var bytes = TestContent.Bytes(random.Next(1, 100_000), step);
                        bytes.CopyTo(output.GetMemory(bytes.Length));
                        output.Advance(bytes.Length);
                        expected.Write(bytes);
                        if (random.Next(2) == 0)
                        {
                            await FlushAsync(output); // else it waits for what follows, which may be a file
                        }
                    }
                }

                await FlushAsync(output);
                sender.Shutdown(SocketShutdown.Send);
                await reading;
                Assert.True(expected.ToArray().AsSpan().SequenceEqual(received.ToArray()), $"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task TimeNextByte_BytesLater_TellsOnceHowLongItTook()
    {
        var (sender, receiver) = await ConnectAsync("127.50.4.1");
        using (sender)
        using (receiver)
        {
            var time = new VirtualTime();
            var output = new SocketOutput(sender, time);
            List<TimeSpan> told = [];
            output.TimeNextByte(told.Add);
            for (var i = 0; i < 2; i++)
            {
                time.Advance(TimeSpan.FromSeconds(3));
                output.GetSpan(1)[0] = 1;
                output.Advance(1);
                await FlushAsync(output);
            }

            Assert.Equal([TimeSpan.FromSeconds(3)], told);
        }
    }

    [Fact]
    public async Task Flush_ReaderThatHasGone_SaysThatItIsOver()
    {
        await File.WriteAllBytesAsync(_path, new byte[SocketOutput.Window], Cancellation);
        using var handle = File.OpenHandle(_path);
        var (sender, receiver) = await ConnectAsync("127.50.4.2");
        using var _ = sender;
        receiver.LingerState = new LingerOption(enable: true, seconds: 0);
        receiver.Dispose();
        var output = new SocketOutput(sender, new VirtualTime());
        output.Attach(handle, 0);
        var isOver = false;
        for (var tries = 0; tries < 100 && !isOver; tries++)
        {
            output.Advance(SocketOutput.Window);
            isOver = (await output.FlushAsync(Cancellation)).IsCompleted;
        }

        Assert.True(isOver);
        Assert.True((await output.FlushAsync(Cancellation)).IsCompleted);
    }

    [Fact]
    public async Task Flush_CancelledWhileTheClientReadsNothing_EndsAndSendsNoMore()
    {
        using var cancel = new CancellationTokenSource();
        using var full = await FillAsync("127.50.4.3", new VirtualTime(), cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => full.Flush);
        Assert.True((await full.Output.FlushAsync(Cancellation)).IsCompleted);
    }

    [Fact]
    public async Task Flush_ClientThatTakesNothing_IsWaitedForAndGivenUpInTheEnd()
    {
        var time = new VirtualTime();
        using var full = await FillAsync("127.50.4.6", time, Cancellation);

        time.Advance(SocketOutput.Patience - TimeSpan.FromSeconds(1));
        Assert.False(full.Flush.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await full.Flush).IsCompleted);
    }

    [Fact]
    public async Task Get_StoredPackagesOnOneConnection_AreWholeAlsoForAClientThatReadsSlowly()
    {
        await using var rig = await StartAsync("127.50.4.4");
        var packages = await rig.PublishAsync(3, length: 6_000_000);
        await using var stream = new NetworkStream(await rig.ConnectAsync(), ownsSocket: true);
        for (var round = 0; round < 2; round++) // fetched, then stored
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(packages.Select(package => rig.Get(package)))), Cancellation);
            var answers = await ReadAsync(stream, packages.Length); // byte by byte in the heads, so not fast
            Assert.All(packages.Zip(answers), pair => Assert.True(pair.First.Bytes.AsSpan().SequenceEqual(pair.Second.Body)));
        }
    }

    [Fact]
    public async Task Get_StoredFileThatWasCutMeanwhile_EndsTheConnectionInsteadOfWaiting()
    {
        await using var rig = await StartAsync("127.50.4.5");
        var package = Assert.Single(await rig.PublishAsync(1, length: 100_000));
        await using (var first = new NetworkStream(await rig.ConnectAsync(), ownsSocket: true))
        {
            await first.WriteAsync(Encoding.ASCII.GetBytes(rig.Get(package)), Cancellation);
            Assert.Equal(package.Bytes, Assert.Single(await ReadAsync(first, 1)).Body);
        }

        // kept open, with its length
        await using (var stored = await rig.Fetcher.FetchAsync(new Content(package.Hash, package.Bytes.Length, []), Cancellation))
        {
            Assert.NotNull(stored); // apt has the last byte a moment before
            await using var cut = new FileStream(
                rig.Services.GetRequiredService<StorePaths>().Content(package.Hash), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            cut.SetLength(40_000);
        }

        await using var stream = new NetworkStream(await rig.ConnectAsync(), ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(rig.Get(package)), Cancellation);
        using var read = new MemoryStream();
        await ReadToEndAsync(stream, read);
        Assert.InRange(read.Length, 1, 40_000 + 1_000); // and a head
    }

    /// <summary>A connection that is reset has ended as well.</summary>
    private static async Task ReadToEndAsync(NetworkStream stream, MemoryStream read)
    {
        try
        {
            await stream.CopyToAsync(read, Cancellation);
        }
        catch (IOException)
        {
        }
    }

    private static async Task FlushAsync(SocketOutput output) => Assert.False((await output.FlushAsync(Cancellation)).IsCompleted);

    /// <summary>Sends to a client that reads nothing, until the kernel takes no more and a flush waits.</summary>
    private async Task<FullConnection> FillAsync(string address, VirtualTime time, CancellationToken flushing)
    {
        await File.WriteAllBytesAsync(_path, new byte[SocketOutput.Window], Cancellation);
        var file = File.OpenHandle(_path);
        var (sender, receiver) = await ConnectAsync(address);
        var output = new SocketOutput(sender, time);
        while (true)
        {
            output.Attach(file, 0);
            output.Advance(SocketOutput.Window);
            var flush = output.FlushAsync(flushing).AsTask();
            if (!flush.IsCompleted) // at some time, since what the kernel holds is bounded
            {
                return new FullConnection(sender, receiver, file, output, flush);
            }
        }
    }

    private static async Task<(Socket Sender, Socket Receiver)> ConnectAsync(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var receiver = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await receiver.ConnectAsync(listener.LocalEndpoint, Cancellation);
        var sender = await listener.AcceptSocketAsync(Cancellation);
        sender.Blocking = false; // as Kestrel's are
        return (sender, receiver);
    }

    private sealed record FullConnection(Socket Sender, Socket Receiver, SafeFileHandle File, SocketOutput Output, Task<FlushResult> Flush)
        : IDisposable
    {
        public void Dispose()
        {
            Sender.Dispose();
            Receiver.Dispose();
            File.Dispose();
        }
    }
}
