using AptP2P.Testing.Http;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="IOriginConnector"/> must do.</summary>
public abstract class OriginConnectorConformance
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IOriginConnector Connector { get; }

    /// <summary>A host that the rules under test do not let <see cref="OriginReach.Public"/> reach.</summary>
    protected abstract string RefusedHost { get; }

    [Fact]
    public async Task Connect_Listening_Stream()
    {
        await using var server = FaultyServer.Start("127.20.0.2", default);

        await using var stream = await Connector.ConnectAsync("127.20.0.2", server.EndPoint.Port, OriginReach.Local, Cancellation);
        await stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);

        Assert.Equal((byte)'H', (await ReadByteAsync(stream))[0]);
    }

    [Fact]
    public async Task Connect_NobodyListens_IOException()
    {
        var server = FaultyServer.Start("127.20.0.3", default);
        await server.DisposeAsync();

        await Assert.ThrowsAnyAsync<IOException>(
            async () => await Connector.ConnectAsync("127.20.0.3", server.EndPoint.Port, OriginReach.Local, Cancellation));
    }

    [Fact]
    public async Task Connect_Refused_SaysSo()
    {
        var refusal = await Assert.ThrowsAsync<OriginRefusedException>(
            async () => await Connector.ConnectAsync(RefusedHost, 80, OriginReach.Public, Cancellation));

        Assert.NotEmpty(refusal.Message);
    }

    private static async Task<byte[]> ReadByteAsync(Stream stream)
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one, Cancellation);
        return one;
    }
}
