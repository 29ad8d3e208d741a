using System.Net;
using System.Net.Sockets;

namespace AptP2P.EndToEnd;

/// <summary>Thousands of connections on which nothing is said must not lock apt out.</summary>
public sealed class IdleConnectionsTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int Count = 2_000;

    [Theory]
    [InlineData("127.0.0.1", 1)] // one stranger
    [InlineData("127.0.0.1", 250)] // strangers from as many addresses
    [InlineData("127.0.0.0/8", 1)] // somebody who may use the proxy
    public async Task Install_BesideTwoThousandIdleConnections_IsServed(string allowed, int addresses)
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon", $"--Proxy:Allow={allowed}");
        var idle = new List<Socket>();
        try
        {
            for (var number = 0; number < Count; number++)
            {
                idle.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                idle[^1].Bind(new IPEndPoint(new IPAddress([127, 77, 0, (byte)(1 + (number % addresses))]), 0));
                await idle[^1].ConnectAsync(IPEndPoint.Parse(daemon.EndPoint), TestContext.Current.CancellationToken);
            }

            var apt = NewApt("apt", daemon, mirror);
            await apt.InstallAllAsync(Repository, daemon);

            apt.AssertHas(Repository.Packages);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }
}
