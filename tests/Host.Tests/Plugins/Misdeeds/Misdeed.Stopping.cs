using System.Collections.Immutable;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>What a plugin does wrong at its end.</summary>
internal sealed partial record Misdeed
{
    private static ImmutableArray<Misdeed> AtTheEnd =>
    [
        new("StopAsync throws", Serve((service, _) => service.Stop = () => throw new InvalidOperationException("broken on purpose")))
        {
            AtStop = "stopping threw InvalidOperationException: broken on purpose",
        },
        new("StopAsync blocks", Serve((service, trap) => service.Stop = () => trap.Block(Task.CompletedTask)))
        {
            AtStop = "stopping took longer than",
        },
        new("StopAsync never completes", Serve((service, trap) => service.Stop = trap.Hang)) { AtStop = "stopping took longer than" },
        new(
            "DisposeAsync throws",
            Serve((service, _) => service.Disposal = () => throw new InvalidOperationException("broken on purpose"))),
        new("DisposeAsync blocks", Serve((service, trap) => service.Disposal = () => trap.Block(ValueTask.CompletedTask))),
        new("DisposeAsync never completes", Serve((service, trap) => service.Disposal = () => new ValueTask(trap.Hang()))),
    ];
}
