using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AptP2P.Host.Daemon;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy;

/// <summary>No request goes round: neither to the daemon itself, nor by way of another one back to it.</summary>
public sealed class LoopTests : IAsyncLifetime
{
    private readonly FaultyServer _origin = FaultyServer.Start("127.50.8.1", TestContent.Bytes(1_000));
    private ProxyRig _one = null!;
    private ProxyRig _other = null!;

    public async ValueTask InitializeAsync() => (_one, _other) = (await StartAsync("127.50.8.2"), await StartAsync("127.50.8.3"));

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Get_ByWayOfAnotherDaemonAndBack_IsALoop()
    {
        using var answer = await GetAsync($"/{_other.EndPoint}/{_one.EndPoint}/{_origin.EndPoint}/x");

        Assert.Equal(HttpStatusCode.LoopDetected, answer.StatusCode); // which apt takes for lasting
        Assert.Contains("leads this daemon to itself", answer.ReasonPhrase, StringComparison.Ordinal);
        Assert.Empty(_origin.Requests);
    }

    [Fact]
    public async Task Get_RedirectedByWayOfAnotherDaemonAndBack_IsALoop()
    {
        _origin.Script(Answer.Redirect($"http://{_other.EndPoint}/{_one.EndPoint}/{_origin.EndPoint}/y"));

        using var answer = await GetAsync($"/{_origin.EndPoint}/x");

        Assert.Equal(HttpStatusCode.LoopDetected, answer.StatusCode);
        Assert.Single(_origin.Requests);
    }

    [Fact]
    public async Task Get_ByWayOfAnotherDaemonOnPurpose_IsServed()
    {
        using var answer = await GetAsync(
            $"/{_other.EndPoint}/{_origin.EndPoint}/x", ("Via", "1.1 squid.inner.example, 1.1 apt-p2p-00000000"));

        Assert.Equal(_origin.Content.ToArray(), await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Matches("^1.1 apt-p2p-00000000, 1.1 apt-p2p-[0-9a-f]{8}, 1.1 apt-p2p-[0-9a-f]{8}$", Assert.Single(_origin.Requests)["Via"]);
    }

    [Fact]
    public async Task Get_OwnAddressInAnyForm_IsRefused()
    {
        await using var rig = await StartAsync("::");
        var machine = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .Where(address => !address.IsIPv6LinkLocal && !address.ToString().StartsWith("169.254.", StringComparison.Ordinal));
        IEnumerable<string> names =
        [
            "localhost",
            "127.9.9.9",
            "0.0.0.0",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:127.9.9.9]",
            .. machine.Select(address => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}"),
        ];
        using var client = new HttpClient();
        foreach (var name in names.Select(name => $"{name}:{rig.EndPoint.Port}"))
        {
            using var answer = await client.GetAsync(
                new Uri($"http://127.0.0.1:{rig.EndPoint.Port}/{name}/{name}/{_origin.EndPoint}/x"), Cancellation);

            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{name}: {answer}");
            Assert.Contains("is this daemon itself", answer.ReasonPhrase, StringComparison.Ordinal);
        }

        Assert.Empty(_origin.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("::", "::ffff:127.0.0.2", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.2", false)]
    public void IsAt_TranslatedAddress_IsWhatItLeadsTo(string bind, string address, bool isAt) =>
        Assert.Equal(isAt, new NodeOptions { Bind = IPAddress.Parse(bind) }.IsAt(IPAddress.Parse(address), 9977));

    private async Task<HttpResponseMessage> GetAsync(string path, (string Name, string Value)? more = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{_one.EndPoint}{path}"));
        request.Headers.TryAddWithoutValidation(more?.Name ?? "X", more?.Value);
        return await client.SendAsync(request, Cancellation);
    }
}
