using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>What a plugin does wrong when it starts, and in the background from then on.</summary>
internal sealed partial record Misdeed
{
    private static ImmutableArray<Misdeed> AtStart =>
    [
        new("StartAsync throws", Serve((service, _) => service.Start = () => throw new InvalidOperationException("broken on purpose")))
        {
            Reason = "starting threw InvalidOperationException: broken on purpose",
        },
        new(
            "StartAsync fails later",
            Serve(
                (service, _) =>
                    service.Start = async () =>
                    {
                        await Task.Yield();
                        throw new InvalidOperationException("broken on purpose");
                    }))
        {
            Reason = "starting threw InvalidOperationException: broken on purpose",
        },
        new("StartAsync gives no task", Serve((service, _) => service.Start = () => null!))
        {
            Reason = "starting threw NullReferenceException",
        },
        new("StartAsync blocks", Serve((service, trap) => service.Start = () => trap.Block(Task.CompletedTask)))
        {
            Reason = "starting took longer than",
        },
        new("StartAsync never completes", Serve((service, trap) => service.Start = trap.Hang)) { Reason = "starting took longer than" },
        new(
            "StartAsync throws a page of rubbish",
            Serve((service, _) => service.Start = () => throw new InvalidOperationException($"\e[31m\u202e{new string('x', 1 << 20)}")))
        {
            Reason = "starting threw InvalidOperationException: \ufffd[31m\ufffdxxx",
        },
        new("a hosted service's constructor throws", (bad, _) =>
            bad.Services = services => services.AddSingleton<IHostedService>(_ => throw new InvalidOperationException("broken on purpose")))
        {
            Reason = "starting threw InvalidOperationException: broken on purpose",
        },
        new("its work in the background throws", (bad, _) =>
            bad.Services = services => services.AddSingleton<IHostedService>(
                new Work(async _ =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException("broken on purpose");
                })))
        {
            Reason = "its work in the background threw InvalidOperationException: broken on purpose",
        },
        new("its work in the background blocks", (bad, trap) =>
            bad.Services = services => services.AddSingleton<IHostedService>(
                new Work(enough =>
                {
                    enough.Register(trap.Enter); // at the stop, the host waits for it
                    trap.Hold();
                    return Task.CompletedTask;
                }))),
        new(
            "it takes threads of the pool and does not give them back",
            Serve(
                (service, trap) =>
                    service.Start = () =>
                    {
                        for (var i = 0; i < Environment.ProcessorCount; i++)
                        {
                            ThreadPool.QueueUserWorkItem(_ => trap.Hold());
                        }

                        return Task.CompletedTask;
                    })),
    ];
}
