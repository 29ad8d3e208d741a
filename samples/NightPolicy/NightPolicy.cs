using System.ComponentModel;
using AptP2P;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(NightPolicy.NightPlugin))]

namespace NightPolicy;

public sealed class NightPlugin : IPlugin
{
    public string Name => "NightPolicy";

    public Type? OptionsType => typeof(NightOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddSingleton<ISourcePolicy, Night>();
}

public sealed class NightOptions
{
    [Description("When the night begins, in local time: from then on the mirror is as welcome as the default policy finds it.")]
    public TimeOnly From { get; set; } = new(22, 0);

    [Description("When it ends. By day the mirror is asked only for what no peer has, or brings.")]
    public TimeOnly To { get; set; } = new(6, 0);

    [Description("How long nothing may come by day before the mirror helps all the same. apt gives up after 30 s.")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(4);
}

/// <summary>The default policy, whose mirror waits by day. The daemon lends all policies; each is found by its name.</summary>
public sealed class Night(IEnumerable<ISourcePolicy> policies, IOptions<NightOptions> options, TimeProvider time) : ISourcePolicy
{
    private ISourcePolicy? _standard;

    public string Name => "Night";

    public SourcePlan Decide(in FetchState state)
    {
        _standard ??= policies.First(policy => policy.Name == "FewPeers");
        var plan = _standard.Decide(state);
        if (!plan.Origin || IsNight || IsOriginNeeded(state))
        {
            return plan;
        }

        var patience = options.Value.Patience - state.SinceProgress;
        var askAgain = plan.AskAgain < patience ? plan.AskAgain : patience;
        return plan with { Origin = false, Peers = PeerUse.Search, AskAgain = askAgain };
    }

    private bool IsNight => TimeOnly.FromDateTime(time.GetLocalNow().DateTime).IsBetween(options.Value.From, options.Value.To);

    private bool IsOriginNeeded(in FetchState state) =>
        state.PeersDistrusted
        || (state.SearchFinished && state is { Peers: 0, Crowd: 0 })
        || state.SinceProgress >= options.Value.Patience;
}
