using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Reflection.Emit;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AptP2P.Host.Tests.Plugins;

public sealed class PluginSetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_GoodPlugin_ServesItsOptionsServicesAndEndpoints()
    {
        using var folder = new TestPlugins("Hello");
        var (plugins, settings) = await folder.LoadAsync(null, new Setting("Hello", "Greeting", "Good evening", "test"));
        settings.FindUnknown();
        Assert.Empty(settings.Problems);

        await using var app = await BuildAsync(plugins, settings);
        await app.StartAsync(Cancellation);

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("Good evening", await client.GetStringAsync("/p2p/greeting", Cancellation));
        var section = Assert.Single(app.Services.GetServices<IStatusSection>());
        var item = Assert.Single(await section.ReadAsync(Cancellation));
        Assert.Equal(new StatusValue("greeting", "Greeting", "Good evening"), item);
    }

    [Theory]
    [InlineData("ThrowsInConstructor", "InvalidOperationException: broken on purpose")]
    [InlineData("TwoEntries", "it has 2 [assembly: Plugin(...)] attributes instead of one")]
    [InlineData("NoEntry", "it has 0 [assembly: Plugin(...)] attributes instead of one")]
    [InlineData("NewerContract", "built for version 1.9999.0.0 of the contract")]
    [InlineData("NewerContract.Abstractions", "neither AptP2P.NewerContract.Abstractions.dll nor")]
    public async Task Load_BrokenPlugin_IsLeftOutWithItsReasonAndOthersWork(string name, string reason)
    {
        using var folder = new TestPlugins(name, "Hello");
        if (name == "NewerContract.Abstractions")
        {
            File.Delete(Path.Combine(folder.Folder, name, "AptP2P.Abstractions.deps.json"));
        }

        var (plugins, settings) = await folder.LoadAsync();

        Assert.Empty(settings.Problems);
        Assert.Contains(reason, plugins.Entries.Single(entry => entry.Name == name).Failure, StringComparison.Ordinal);
        Assert.Null(plugins.Entries.Single(entry => entry.Name == "Hello").Failure);
    }

    [Fact]
    public async Task Load_FileThatIsNoAssembly_IsLeftOut()
    {
        using var folder = new TestPlugins("Hello");
        File.WriteAllText(Path.Combine(folder.Folder, "Hello", "AptP2P.Hello.dll"), "not an assembly");

        var (plugins, _) = await folder.LoadAsync();

        Assert.Contains("BadImageFormatException", Assert.Single(plugins.Entries).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigureServices_PluginThrows_TheHostGetsNoneOfItsServices()
    {
        using var folder = new TestPlugins("ThrowsInServices", "Hello");
        var (plugins, _) = await folder.LoadAsync();
        var services = new ServiceCollection();
        services.AddSingleton("there before");

        await plugins.ConfigureServicesAsync(services, PeerReach.World, NetworkSecret.None);

        Assert.Contains(
            "broken on purpose", plugins.Entries.Single(entry => entry.Name == "ThrowsInServices").Failure, StringComparison.Ordinal);
        Assert.Equal(
            [typeof(string), typeof(IStatusSection), typeof(PluginSet), typeof(IHostedService), typeof(IHostedService)],
            services.Select(service => service.ServiceType)); // the last ones are the set's own
    }

    [Theory]
    [InlineData(PeerReach.Off)]
    [InlineData(PeerReach.World)]
    public async Task ConfigureServices_EachPlugin_IsToldHowFarItMayReachAndOfWhichNetworkItIs(PeerReach reach)
    {
        using var folder = new TestPlugins("Hello");
        var (plugins, settings) = await folder.LoadAsync();
        Asking[] asking = [new("One"), new("Other")];
        foreach (var plugin in asking)
        {
            await plugins.AddAsync(plugin, settings);
        }

        var secret = new NetworkSecret("s");
        await plugins.ConfigureServicesAsync(new ServiceCollection(), reach, secret);

        Assert.All(asking, plugin => Assert.Equal((reach, secret), (plugin.Context!.Reach, plugin.Context.NetworkSecret)));
        Assert.All(asking, plugin => Assert.DoesNotContain("NetworkSecret = s", $"{plugin.Context}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connect_PluginThrowsWhileItMaps_OthersAreMapped()
    {
        using var folder = new TestPlugins("ThrowsInEndpoints", "Hello");
        var (plugins, settings) = await folder.LoadAsync();

        await using var app = await BuildAsync(plugins, settings);

        Assert.Contains(
            "mapping its endpoints threw", plugins.Entries.Single(entry => entry.Failure is not null).Failure, StringComparison.Ordinal);
        Assert.Single(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
    }

    [Fact]
    public async Task Load_PrivateCopyOfTheContract_UsesTheHostsAndWarns()
    {
        using var folder = new TestPlugins("PrivateContract");
        Assert.True(File.Exists(Path.Combine(folder.Folder, "PrivateContract", "AptP2P.Abstractions.dll")));

        var entry = Assert.Single((await folder.LoadAsync()).Plugins.Entries);

        Assert.IsAssignableFrom<IPlugin>(entry.Plugin);
        Assert.Contains("is not used", entry.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_PrivateVersionOfAPackage_KeepsItsOwn()
    {
        using var folder = new TestPlugins("PrivatePackage");
        var (plugins, settings) = await folder.LoadAsync();
        await using var app = await BuildAsync(plugins, settings);

        var items = await app.Services.GetRequiredService<IStatusSection>().ReadAsync(Cancellation);

        Assert.StartsWith("1.15.", (string?)((StatusValue)items[0]).Value, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"^1\.15\.", FileVersionInfo.GetVersionInfo(typeof(OpenTelemetry.Baggage).Assembly.Location).FileVersion);
    }

    [Fact]
    public async Task Load_PrivateCopyOfSharedFrameworkAssembly_UsesTheHosts()
    {
        using var folder = new TestPlugins("Hello");
        var hello = Path.Combine(folder.Folder, "Hello");
        foreach (var shared in new[] { typeof(System.Diagnostics.Metrics.Meter), typeof(IServiceCollection), typeof(IPlugin) })
        {
            File.Copy(shared.Assembly.Location, Path.Combine(hello, Path.GetFileName(shared.Assembly.Location)));
        }

        File.Delete(Path.Combine(hello, "AptP2P.Hello.deps.json")); // without it, every file of the folder is the plugin's own
        var (plugins, settings) = await folder.LoadAsync();
        await using var app = await BuildAsync(plugins, settings);

        Assert.Null(Assert.Single(plugins.Entries).Failure);
        Assert.Single(app.Services.GetServices<IStatusSection>());
    }

    [Fact]
    public async Task Load_LaterVersionOfSomethingShared_IsLeftOutWithItsReason()
    {
        using var folder = new TestPlugins("Hello");
        var later = new PersistedAssemblyBuilder(
            new AssemblyName("Microsoft.Extensions.Options") { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        later.DefineDynamicModule("Microsoft.Extensions.Options");
        later.Save(Path.Combine(folder.Folder, "Hello", "Microsoft.Extensions.Options.dll"));

        var (plugins, _) = await folder.LoadAsync();

        Assert.Contains(
            "it brings Microsoft.Extensions.Options 99.0.0.0", Assert.Single(plugins.Entries).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_RequiredPluginFails_IsAProblem()
    {
        using var folder = new TestPlugins("ThrowsInConstructor");

        var (_, settings) = await folder.LoadAsync(node => node.Require = ["ThrowsInConstructor", "Nowhere"]);

        Assert.Collection(
            settings.Problems,
            problem =>
                Assert.StartsWith("[Host] Require: the plugin ThrowsInConstructor does not work: ", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("[Host] Require: there is no plugin Nowhere in ", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Load_TwoPluginsOfOneName_TheSecondIsLeftOut()
    {
        using var folder = new TestPlugins("Hello");
        folder.Copy("Hello", "Other"); // found by its only .deps.json

        var (plugins, settings) = await folder.LoadAsync(null, new Setting("Hello", "Greeting", "Good evening", "test"));

        settings.FindUnknown();
        Assert.Empty(settings.Problems);
        Assert.Equal([null, "its name Hello is taken already"], plugins.Entries.Select(entry => entry.Failure));
    }

    [Fact]
    public async Task Load_FurtherFolders_AreAdded()
    {
        using var one = new TestPlugins("Hello");
        using var other = new TestPlugins("PrivatePackage");

        var (plugins, _) = await one.LoadAsync(node => node.Plugins = [.. node.Plugins, other.Folder]);

        Assert.Equal(["Hello", "PrivatePackage"], plugins.Entries.Where(entry => entry.Works).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Load_PluginThatIsNotWanted_IsNotTouchedAndItsSectionIsExcused()
    {
        using var folder = new TestPlugins("Hello", "ThrowsInConstructor");

        var (plugins, settings) = await folder.LoadAsync(
            node => node.Without = ["hello", "ThrowsInConstructor"], new Setting("Hello", "Greeting", "x", "test"));

        settings.FindUnknown();
        Assert.Empty(settings.Problems);
        Assert.All(plugins.Entries, entry =>
            Assert.Equal((true, "[Host] Without names it", null), (entry.IsUnwanted, entry.Failure, entry.Plugin)));
    }

    [Fact]
    public async Task Load_WithoutAPluginThatIsNowhere_IsAProblem()
    {
        using var folder = new TestPlugins("Hello");

        var (_, settings) = await folder.LoadAsync(node => node.Without = ["Helo"]);

        Assert.StartsWith("[Host] Without: there is no plugin Helo in ", Assert.Single(settings.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NoFolder_IsAProblem()
    {
        var settings = new Settings(new SettingList());

        await PluginSet.LoadAsync(new NodeOptions { Plugins = ["/nowhere/plugins"] }, settings);

        Assert.Equal("[Host] Plugins: there is no folder /nowhere/plugins", Assert.Single(settings.Problems));
    }

    private sealed class Asking(string name) : IPlugin
    {
        public string Name => name;

        public Type? OptionsType => null;

        public PluginContext? Context { get; private set; }

        public void ConfigureServices(IServiceCollection services, PluginContext context) => Context = context;
    }

    private static async Task<WebApplication> BuildAsync(PluginSet plugins, Settings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse("127.90.1.1"), 0));
        builder.Services.AddRouting().AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        await plugins.ConfigureServicesAsync(builder.Services, PeerReach.World, NetworkSecret.None);
        settings.AddTo(builder.Services);
        var app = builder.Build();
        await plugins.ConnectAsync(app);
        return app;
    }
}
