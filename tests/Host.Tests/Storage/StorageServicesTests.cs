using AptP2P.Host.Storage;
using AptP2P.Host.Storage.Files;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Host.Tests.Storage;

/// <summary>
/// Which store is guarded: one that a plugin has put in the place of the daemon's own, which needs no guard and must lose no time.
/// </summary>
public sealed class StorageServicesTests
{
    [Fact]
    public void GuardStore_TheDaemonsOwn_IsLeftAsItIs()
    {
        var services = new ServiceCollection().AddSingleton<IContentStore, FileContentStore>();

        services.GuardStore();

        Assert.Equal(typeof(FileContentStore), Assert.Single(services).ImplementationType);
    }

    [Theory]
    [InlineData("instance")]
    [InlineData("factory")]
    [InlineData("type")]
    public async Task GuardStore_APlugins_IsGuarded(string way)
    {
        var services = new ServiceCollection()
            .AddSingleton<IContentStore, FileContentStore>()
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddOptions();
        _ = way switch
        {
            "instance" => services.AddSingleton<IContentStore>(new InMemoryContentStore()),
            "factory" => services.AddSingleton<IContentStore>(_ => new InMemoryContentStore()),
            _ => services.AddSingleton<IContentStore, InMemoryContentStore>(),
        };

        await using var provider = services.GuardStore().BuildServiceProvider();

        Assert.IsType<GuardedStore>(provider.GetRequiredService<IContentStore>());
    }
}
