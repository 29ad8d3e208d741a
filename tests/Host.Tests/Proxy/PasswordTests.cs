using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Catalog.Archives;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy;

/// <summary>What is asked for with a password is between its client and its archive.</summary>
public sealed class PasswordTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("Authorization: Basic eDp5\r\n", true)]
    public async Task Request_WithAPassword_TheArchiveIsRememberedAsPrivate(string header, bool isPrivate)
    {
        await using var rig = await StartAsync("127.50.12.1");
        var package = Assert.Single(await rig.PublishAsync(1));
        using var socket = await rig.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(rig.Get(package, header)), Cancellation);
        await using var stream = new NetworkStream(socket);
        await ReadAsync(stream, 1);

        Assert.Equal(
            isPrivate, rig.Services.GetRequiredService<PublicArchives>().NeedsPassword("archive.test", "/debian/pool/other.deb"));
    }
}
