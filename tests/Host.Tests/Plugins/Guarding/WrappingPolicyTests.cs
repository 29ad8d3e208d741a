using AptP2P.Host.Plugins;
using AptP2P.Host.Tests.Proxy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Host.Tests.Plugins.Guarding;

/// <summary>A plugin's policy may build on the daemon's own, and change only what it is about.</summary>
public sealed class WrappingPolicyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Decide_PolicyThatWrapsTheDefault_IsTheDefaultsPlanButForItsOwnPart(bool inConstructor)
    {
        await using var rig = await ProxyRig.StartAsync(
            "127.90.2.7",
            _ => { },
            async (node, settings) =>
            {
                var plugins = new PluginSet(node);
                await plugins.AddAsync(new WrappingPlugin(inConstructor), settings);
                return plugins;
            },
            mayFail: false,
            "--Policy:Name=Wrapping");
        var policies = rig.Services.GetServices<ISourcePolicy>().ToList();
        var (standard, wrapping) = (policies.Find(one => one.Name == "FewPeers")!, policies.Find(one => one.Name == "Wrapping")!);

        foreach (var peers in (int[])[0, 1, 3])
        {
            var state = new FetchState { Length = 1 << 20, HasOrigin = true, Peers = peers, SearchFinished = true };

            Assert.Equal(standard.Decide(state) with { Shared = true }, wrapping.Decide(state));
        }
    }

    private sealed class WrappingPlugin(bool inConstructor) : IPlugin
    {
        public string Name => "Wrapping";

        public Type? OptionsType => null;

        public void ConfigureServices(IServiceCollection services, PluginContext context) =>
            services.AddSingleton<ISourcePolicy>(provider => new Wrapping(provider.GetServices<ISourcePolicy>(), inConstructor));
    }

    private sealed class Wrapping : ISourcePolicy
    {
        private readonly Lazy<ISourcePolicy> _standard;

        public Wrapping(IEnumerable<ISourcePolicy> policies, bool inConstructor)
        {
            _standard = new(() => policies.First(policy => policy.Name == "FewPeers"));
            _ = inConstructor ? _standard.Value : null;
        }

        public string Name => "Wrapping";

        public SourcePlan Decide(in FetchState state) => _standard.Value.Decide(state) with { Shared = true };
    }
}
