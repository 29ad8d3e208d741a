using AptP2P.Host.Proxy.Metadata;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Metadata;

/// <summary>A machine whose network was gone.</summary>
public sealed class ComingBackTests
{
    [Fact]
    public async Task Network_IsBack_TheMirrorIsAskedWithoutTheRestOfThePause()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var machine = new ListedAddresses("127.0.0.1");
        await using var mirror = FaultyServer.Start("127.36.3.1", Dated(0));
        await using var rig = await ProxyRig.StartAsync(
            "127.36.3.2",
            services => services.AddSingleton<TimeProvider>(new VirtualTime()).AddSingleton<IMachineAddresses>(machine), // it stands still
            "--Catalog:AptSources=", "--Catalog:Keyrings=");
        using var client = new HttpClient();
        var release = new Uri($"http://{rig.EndPoint}/{mirror.EndPoint}/debian/dists/stable/InRelease");
        await client.GetByteArrayAsync(release, cancellation);
        mirror.Otherwise = _ => Answer.Error(503);
        Assert.Equal(Dated(0), await client.GetByteArrayAsync(release, cancellation)); // the copy

        mirror.Otherwise = _ => Answer.Of(Dated(1));
        machine.Change("127.0.0.1", "10.0.0.7");
        await rig.Services.GetRequiredService<MetadataQuestions>().SettledAsync();

        Assert.Equal(Dated(1), await client.GetByteArrayAsync(release, cancellation));
    }
}
