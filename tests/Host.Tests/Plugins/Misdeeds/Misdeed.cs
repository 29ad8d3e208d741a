using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>A row of the table: what a plugin does, and what comes of it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Do">Makes the plugin do so.</param>
internal sealed partial record Misdeed(string Name, Action<BadPlugin, Trap> Do)
{
    public static ImmutableArray<Misdeed> All => [.. AtLoading, .. AtStart, .. WhenAsked, .. AtTheEnd];

    /// <summary>Why it is left out, as the page says; <see langword="null"/> when it stays.</summary>
    public string? Reason { get; init; }

    /// <summary>What its section of the page says is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>What the log says when it is stopped.</summary>
    public string? AtStop { get; init; }

    /// <summary>What its endpoint answers.</summary>
    public HttpStatusCode? Answer { get; init; }

    public override string ToString() => Name;

    private static Action<BadPlugin, Trap> Serve(Action<Service, Trap> misbehave) => (bad, trap) => bad.Services = services =>
        services.AddSingleton<IHostedService>(_ => // by the container, so that it is disposed
        {
            var service = new Service();
            misbehave(service, trap);
            return service;
        });

    private sealed class Speechless : Exception
    {
        public override string Message => throw new InvalidOperationException("broken on purpose");

        public override string ToString() => throw new InvalidOperationException("broken on purpose");
    }
}
