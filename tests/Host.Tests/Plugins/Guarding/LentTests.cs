using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins.Guarding;
using AptP2P.Host.Plugins.Loading;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Host.Tests.Plugins.Guarding;

/// <summary>What plugins get of the host.</summary>
public sealed class LentTests
{
    [Fact]
    public void Lent_OfTheContract_IsAllThatTheHostHasForPlugins()
    {
        var settings = new Settings(new SettingList());
        var host = new ServiceCollection().AddFeatures(settings, settings.Section<NodeOptions>(NodeOptions.Section));
        var lent = new PluginServices(new PluginEntry("Any", new ForeignCalls(TimeSpan.FromSeconds(1), TimeProvider.System))).Registered;

        var contracts = host.Select(service => service.ServiceType)
            .Where(type => type.Assembly == typeof(IPlugin).Assembly)
            .Except(Guard.Types)
            .ToHashSet();
        Assert.Contains(typeof(IMachineAddresses), contracts);
        Assert.Subset(lent.Select(service => service.ServiceType).ToHashSet(), contracts);
    }
}
