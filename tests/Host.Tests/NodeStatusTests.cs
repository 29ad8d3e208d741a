using AptP2P.Host.Plugins;
using AptP2P.Host.Tests.Proxy;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AptP2P.Host.Tests;

/// <summary>The daemon itself on the status page, with two plugins that cannot work, one of which nothing can replace.</summary>
public sealed class NodeStatusTests : StatusSectionConformance, IAsyncLifetime
{
    private ProxyRig _rig = null!;

    protected override IStatusSection Section =>
        _rig.Services.GetServices<IStatusSection>().Single(static section => section.Key == "node");

    public async ValueTask InitializeAsync() => _rig = await ProxyRig.StartAsync(
        "127.0.42.1",
        services => services.RemoveAll<ISource>(),
        async (node, settings) =>
        {
            var plugins = new PluginSet(node);
            await plugins.AddAsync(new Broken("Source.Mirror"), settings);
            await plugins.AddAsync(new Broken("Dht.Kademlia"), settings);
            return plugins;
        },
        mayFail: true);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Read_PluginsLeftOut_AProblemForEachWithItsReason()
    {
        var items = await Section.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [("pluginLeftOutSourceMirror", ProblemSeverity.Error), ("pluginLeftOutDhtKademlia", ProblemSeverity.Warning)],
            items.OfType<StatusProblem>().Select(static problem => (problem.Key, problem.Severity)));
        Assert.All(
            items.OfType<StatusProblem>(),
            static problem => Assert.Contains("broken on purpose", problem.Label, StringComparison.Ordinal));
    }

    private sealed class Broken(string name) : IPlugin
    {
        public string Name => name;

        public Type? OptionsType => null;

        public void ConfigureServices(IServiceCollection services, PluginContext context) =>
            throw new InvalidOperationException("broken on purpose");
    }
}
