using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Reflection.Emit;
using AptP2P.Host.Configuration;
using AptP2P.Host.Plugins;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Host.Tests.Plugins;

public sealed class PluginSetTests
{
    [Fact]
    public async Task Load_GoodPlugin_ServesItsOptionsServicesAndEndpoints()
    {
        using var folder = new TestPlugins("Hello");
        var list = new SettingList();
        list.Add(new Setting("Hello", "Greeting", "Good evening", "test"));
        var settings = new Settings(list);
        var plugins = PluginSet.Load(folder.Node, settings);
        settings.FindUnknown();
        Assert.Empty(settings.Problems);

        await using var app = Build(plugins, settings);
        Assert.True(plugins.MapEndpoints(app));
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("Good evening", await client.GetStringAsync("/p2p/hello", TestContext.Current.CancellationToken));
        var section = Assert.Single(app.Services.GetServices<IStatusSection>());
        var item = Assert.Single(await section.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(new StatusValue("greeting", "Greeting", "Good evening"), item);
    }

    [Theory]
    [InlineData("ThrowsInConstructor", "InvalidOperationException: broken on purpose")]
    [InlineData("TwoEntries", "it has 2 [assembly: Plugin(...)] attributes instead of one")]
    [InlineData("NoEntry", "it has 0 [assembly: Plugin(...)] attributes instead of one")]
    [InlineData("NewerContract", "built for version 1.9999.0.0 of the contract")]
    [InlineData("NewerContract.Abstractions", "neither AptP2P.NewerContract.Abstractions.dll nor")]
    public void Load_BrokenPlugin_IsLeftOutWithItsReasonAndOthersWork(string name, string reason)
    {
        using var folder = new TestPlugins(name, "Hello");
        if (name == "NewerContract.Abstractions")
        {
            File.Delete(Path.Combine(folder.Folder, name, "AptP2P.Abstractions.deps.json"));
        }

        var plugins = folder.Load(out var settings);

        Assert.Empty(settings.Problems);
        Assert.Contains(reason, plugins.Entries.Single(entry => entry.Name == name).Failure, StringComparison.Ordinal);
        Assert.Null(plugins.Entries.Single(entry => entry.Name == "Hello").Failure);
    }

    [Fact]
    public void Load_FileThatIsNoAssembly_IsLeftOut()
    {
        using var folder = new TestPlugins("Hello");
        File.WriteAllText(Path.Combine(folder.Folder, "Hello", "AptP2P.Hello.dll"), "not an assembly");

        var plugins = folder.Load(out _);

        Assert.Contains("BadImageFormatException", Assert.Single(plugins.Entries).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigureServices_PluginThrows_ItsServicesAreTakenBack()
    {
        using var folder = new TestPlugins("ThrowsInServices", "Hello");
        var plugins = folder.Load(out _);
        var services = new ServiceCollection();
        services.AddSingleton("there before");

        plugins.ConfigureServices(services);

        Assert.Contains("broken on purpose", plugins.Entries.Single(entry => entry.Name == "ThrowsInServices").Failure, StringComparison.Ordinal);
        Assert.Equal([typeof(string), typeof(IStatusSection)], services.Select(service => service.ServiceType));
    }

    [Fact]
    public async Task MapEndpoints_PluginThrows_NextApplicationHasNothingOfIt()
    {
        using var folder = new TestPlugins("ThrowsInEndpoints", "Hello");
        var plugins = folder.Load(out var settings);
        await using (var first = Build(plugins, settings))
        {
            Assert.False(plugins.MapEndpoints(first));
        }

        var services = new ServiceCollection();
        plugins.ConfigureServices(services);
        await using var second = Build(plugins, settings);

        Assert.True(plugins.MapEndpoints(second));
        Assert.Contains("mapping its endpoints threw", plugins.Entries.Single(entry => entry.Failure is not null).Failure, StringComparison.Ordinal);
        Assert.Equal([typeof(IStatusSection)], services.Select(service => service.ServiceType));
    }

    [Fact]
    public void Load_PrivateCopyOfTheContract_UsesTheHostsAndWarns()
    {
        using var folder = new TestPlugins("PrivateContract");
        Assert.True(File.Exists(Path.Combine(folder.Folder, "PrivateContract", "AptP2P.Abstractions.dll")));

        var entry = Assert.Single(folder.Load(out _).Entries);

        Assert.IsAssignableFrom<IPlugin>(entry.Plugin);
        Assert.Contains("is not used", entry.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_PrivateVersionOfAPackage_KeepsItsOwn()
    {
        using var folder = new TestPlugins("PrivatePackage");
        var plugins = folder.Load(out _);
        var services = new ServiceCollection();
        plugins.ConfigureServices(services);

        await using var provider = services.BuildServiceProvider();
        var items = await provider.GetRequiredService<IStatusSection>().ReadAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("1.15.", (string?)((StatusValue)items[0]).Value, StringComparison.Ordinal);
        Assert.StartsWith("1.20.", FileVersionInfo.GetVersionInfo(typeof(OpenTelemetry.Baggage).Assembly.Location).FileVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PrivateCopyOfSharedFrameworkAssembly_UsesTheHosts()
    {
        using var folder = new TestPlugins("Hello");
        var hello = Path.Combine(folder.Folder, "Hello");
        foreach (var shared in new[] { typeof(System.Diagnostics.Metrics.Meter), typeof(IServiceCollection), typeof(IPlugin) })
        {
            File.Copy(shared.Assembly.Location, Path.Combine(hello, Path.GetFileName(shared.Assembly.Location)));
        }

        File.Delete(Path.Combine(hello, "AptP2P.Hello.deps.json")); // without it, every file of the folder is the plugin's own
        var plugins = folder.Load(out _);
        var services = new ServiceCollection();
        plugins.ConfigureServices(services);

        Assert.Null(Assert.Single(plugins.Entries).Failure);
        Assert.Single(services);
    }

    [Fact]
    public void Load_LaterVersionOfSomethingShared_IsLeftOutWithItsReason()
    {
        using var folder = new TestPlugins("Hello");
        var later = new PersistedAssemblyBuilder(new AssemblyName("Microsoft.Extensions.Options") { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        later.DefineDynamicModule("Microsoft.Extensions.Options");
        later.Save(Path.Combine(folder.Folder, "Hello", "Microsoft.Extensions.Options.dll"));

        var plugins = folder.Load(out _);

        Assert.Contains("it brings Microsoft.Extensions.Options 99.0.0.0", Assert.Single(plugins.Entries).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RequiredPluginFails_IsAProblem()
    {
        using var folder = new TestPlugins("ThrowsInConstructor");

        folder.Load(out var settings, "ThrowsInConstructor", "Nowhere");

        Assert.Collection(
            settings.Problems,
            problem => Assert.StartsWith("[Host] Require: the plugin ThrowsInConstructor does not work: ", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("[Host] Require: there is no plugin Nowhere in ", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_TwoPluginsOfOneName_IsAProblem()
    {
        using var folder = new TestPlugins("Hello");
        folder.Copy("Hello", "Other"); // found by its only .deps.json

        folder.Load(out var settings);

        Assert.Contains("the name Hello is taken twice", Assert.Single(settings.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFolder_IsAProblem()
    {
        var settings = new Settings(new SettingList());

        PluginSet.Load(new NodeOptions { Plugins = "/nowhere/plugins" }, settings);

        Assert.Equal("[Host] Plugins: there is no folder /nowhere/plugins", Assert.Single(settings.Problems));
    }

    [Theory]
    [InlineData("0.9.0.0", false)]
    [InlineData("1.0.0.0", true)]
    [InlineData("2.0.0.0", false)]
    public void ContractVersionCheck_BuiltFor_FitsOrNot(string built, bool fits) =>
        Assert.Equal(fits, ContractVersion.Check(Version.Parse(built)) is null);

    [Theory]
    [InlineData("AptP2P.Abstractions", true)]
    [InlineData("System.Diagnostics.DiagnosticSource", true)]
    [InlineData("Microsoft.AspNetCore.Http.Abstractions", true)]
    [InlineData("Microsoft.Extensions.Options", true)]
    [InlineData("System.Collections.Immutable", true)]
    [InlineData("OpenTelemetry.Api", false)]
    [InlineData("Microsoft.Data.Sqlite", false)]
    [InlineData("AptP2P.Host", false)]
    public void SharedAssembliesContains_Assembly_IsSharedOrNot(string name, bool shared) => Assert.Equal(shared, SharedAssemblies.Contains(name));

    private static WebApplication Build(PluginSet plugins, Settings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse("127.90.1.1"), 0));
        builder.Services.AddRouting().AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance);
        plugins.ConfigureServices(builder.Services);
        settings.AddTo(builder.Services);
        return builder.Build();
    }
}
