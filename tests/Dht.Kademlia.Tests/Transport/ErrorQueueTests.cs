using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Transport;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Transport;

public sealed class ErrorQueueTests
{
    /// <summary>The system gives a closed socket's number to the next one, whose errors are its own.</summary>
    [Fact]
    public async Task TryRead_SocketThatIsClosed_ReadsNothingOfWhoeverHasItsNumber()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells of errors");
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var number = closed.Handle;
        closed.Dispose();
        var others = new List<Socket>();
        for (var i = 0; i < 50 && !others.Exists(other => other.Handle == number); i++)
        {
            var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            others.Add(other);
            other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            ErrorQueue.Enable(other);
            other.SendTo([1], new IPEndPoint(IPAddress.Parse("127.46.3.1"), 1)); // where nobody is
            await Assert.ThrowsAsync<SocketException>(async () =>
                await other.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken)
            ); // it has come back
        }

        var read = ErrorQueue.TryRead(closed, new byte[16], new byte[10]);

        Assert.InRange(read, int.MinValue, -1);
        Assert.Equal(1, ErrorQueue.TryRead(others[^1], new byte[16], new byte[10]));
        others.ForEach(static other => other.Dispose());
    }
}
