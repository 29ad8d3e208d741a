using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>What a plugin does wrong when somebody asks for its section of the page or for its endpoint.</summary>
internal sealed partial record Misdeed
{
    private static ImmutableArray<Misdeed> WhenAsked =>
    [
        new("its section gives nothing", Say((_, _) => new((IReadOnlyList<StatusItem>)null!))) { Error = "it says nothing" },
        new("its section throws", Say((_, _) => throw new InvalidOperationException("broken on purpose"))) { Error = "broken on purpose" },
        new("its section blocks", Say((trap, _) => trap.Block(new ValueTask<IReadOnlyList<StatusItem>>([])))) { Error = "took too long" },
        new(
            "its section never answers",
            Say(
                async (trap, _) =>
                {
                    await trap.Hang();
                    return [];
                }))
        {
            Error = "took too long",
        },
        new(
            "its section blocks who ends it",
            Say(
                async (trap, enough) =>
                {
                    enough.Register(trap.Hold);
                    await trap.Hang();
                    return [];
                }))
        {
            Error = "took too long",
        },
        new(
            "its section has holes",
            Say((_, _) => new([null!, new StatusValue(null!, null!, null), new StatusTable("t", "T", default, default)]))),
        new("its section's value throws", Say((_, _) => new([new StatusValue("v", "V", new Speechless())])))
        {
            Error = "broken on purpose",
        },
        new(
            "its section is endless",
            Say((_, _) => new([.. Enumerable.Repeat(new StatusValue("v", new string('x', 1 << 16), "\ud800\e[31m\u202e"), 100_000)]))),
        new("its endpoint throws", Reply((_, _) => throw new InvalidOperationException("broken on purpose")))
        {
            Answer = HttpStatusCode.InternalServerError,
        },
        new("its endpoint needs what is nowhere", (bad, _) =>
            bad.Endpoints = map =>
                map.MapGet("/p2p/bad", (HttpContext context) => context.RequestServices.GetRequiredService<Egg>().ToString()))
        {
            Answer = HttpStatusCode.InternalServerError,
        },
    ];

    private static Action<BadPlugin, Trap> Say(Func<Trap, CancellationToken, ValueTask<IReadOnlyList<StatusItem>>> read) =>
        (bad, trap) => bad.Services = services => services.AddSingleton<IStatusSection>(new Section("bad", enough => read(trap, enough)));

    private static Action<BadPlugin, Trap> Reply(Func<HttpContext, Trap, Task> answer) =>
        (bad, trap) => bad.Endpoints = map => map.Map("/p2p/bad", context => answer(context, trap));
}
