using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>What a plugin does wrong while the host loads it: its name, its options, its services, its endpoints.</summary>
internal sealed partial record Misdeed
{
    private static ImmutableArray<Misdeed> AtLoading =>
    [
        new("its name throws", (bad, _) => bad.Says = () => throw new InvalidOperationException("broken on purpose"))
        {
            Reason = "loading threw InvalidOperationException: broken on purpose",
        },
        new("its name blocks", (bad, trap) => bad.Says = () => trap.Block("")) { Reason = "loading took longer than" },
        new("its name is a path", (bad, _) => bad.Says = () => "../../etc") { Reason = "its name '../../etc' is none" },
        new("its name is nothing", (bad, _) => bad.Says = () => null!) { Reason = "its name '' is none" },
        new("its name is a section of the host's", (bad, _) => bad.Says = () => "Host") { Reason = "its name Host is taken already" },
        new("its name is another plugin's", (bad, _) => bad.Says = () => "Stats") { Reason = "its name Stats is taken already" },
        new("its options' type throws", (bad, _) => bad.Options = () => throw new InvalidOperationException("broken on purpose"))
        {
            Reason = "making its options threw InvalidOperationException",
        },
        new("its options cannot be made", (bad, _) => bad.Options = () => typeof(ThrowingOptions)) { Reason = "making its options threw" },
        new("its options' check throws", (bad, _) => bad.Options = () => typeof(UncheckableOptions))
        {
            Reason = "making its options threw",
        },
        new("ConfigureServices throws", (bad, _) => bad.Services = _ => throw new InvalidOperationException("broken on purpose"))
        {
            Reason = "registering its services threw InvalidOperationException: broken on purpose",
        },
        new("ConfigureServices blocks", (bad, trap) => bad.Services = _ => trap.Block())
        {
            Reason = "registering its services took longer than",
        },
        new("ConfigureServices throws what has no message", (bad, _) => bad.Services = _ => throw new Speechless())
        {
            Reason = "registering its services threw Speechless, and its message threw",
        },
        new("a service's constructor throws", (bad, _) => bad.Services = services => services.AddSingleton<ISource, ThrowingSource>())
        {
            Reason = "making its services threw InvalidOperationException: broken on purpose",
        },
        new("a service's constructor blocks", (bad, trap) =>
            bad.Services = services => services.AddSingleton<ISource>(_ => trap.Block<ISource>(null!)))
        {
            Reason = "making its services took longer than",
        },
        new("a service needs what is nowhere", (bad, _) => bad.Services = services => services.AddSingleton<ISource, NeedySource>())
        {
            Reason = "making its services threw InvalidOperationException: Unable to resolve",
        },
        new("services need each other", (bad, _) =>
            bad.Services = services => services.AddSingleton<Chicken>().AddSingleton<Egg>().AddSingleton<IPeerStore, Chicken>())
        {
            Reason = "A circular dependency",
        },
        new("a section's title throws", (bad, _) => bad.Services = services => services.AddSingleton<IStatusSection, Untitled>())
        {
            Reason = "making its services threw InvalidOperationException",
        },
        new("a content store cannot be made", (bad, _) =>
            bad.Services = services => services.AddSingleton<IContentStore>(_ => throw new IOException("no such disk")))
        {
            Reason = "making its services threw IOException: no such disk",
        },
        new("options are checked at the start and wrong", (bad, _) =>
            bad.Services = services => services.AddOptions<ThrowingOptions>().Validate(_ => false, "never").ValidateOnStart()),
        new("it replaces the host's services", (bad, _) =>
            bad.Services = services =>
                services.RemoveAll<ISharedContents>().AddSingleton<ISharedContents>(_ => null!).AddSingleton<TimeProvider>(_ => null!)),
        new("it registers middleware", (bad, _) => bad.Services = services => services.AddSingleton<IStartupFilter, Swallower>()),
        new("it wants every line of the log", (bad, trap) =>
            bad.Services = services => services.AddSingleton<ILoggerProvider>(_ => throw new InvalidOperationException($"{trap}"))),
        new("it changes the server's options", (bad, _) =>
            bad.Services = services =>
                services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(_ =>
                    throw new InvalidOperationException())),
        new("MapEndpoints throws", (bad, _) => bad.Endpoints = _ => throw new InvalidOperationException("broken on purpose"))
        {
            Reason = "mapping its endpoints threw InvalidOperationException: broken on purpose",
        },
        new("MapEndpoints blocks", (bad, trap) => bad.Endpoints = _ => trap.Block()) { Reason = "mapping its endpoints took longer than" },
        new("it maps the page again", (bad, _) => bad.Endpoints = map => map.MapGet("/", () => "mine"))
        {
            Reason = "it maps /, which is mapped already",
        },
        new("it maps the health again", (bad, _) =>
            bad.Endpoints = map => map.Map("/P2P/health", context => context.Response.WriteAsync("ill")))
        {
            Reason = "it maps /P2P/health, which is mapped already",
        },
        new("it maps what is an archive's", (bad, _) => bad.Endpoints = map => map.MapGet("/{**all}", () => "mine"))
        {
            Reason = "it maps /{**all}, which is an archive's",
        },
        new("its endpoint pushes itself forward", (bad, _) =>
            bad.Endpoints = map => map.MapGet("/p2p/{**all}", () => "mine").WithOrder(-100)),
    ];

    private sealed class ThrowingOptions
    {
        public ThrowingOptions() => throw new InvalidOperationException("broken on purpose");
    }

    private sealed class UncheckableOptions : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            throw new InvalidOperationException("broken on purpose");
    }

    private abstract class SomeSource : ISource
    {
        public string Name => "bad";

        public SourceRole Role => SourceRole.Peers;

        public IAsyncEnumerable<IChannel> OpenAsync(Content content, SearchEffort effort, CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<IChannel>();
    }

    private sealed class ThrowingSource : SomeSource
    {
        public ThrowingSource() => throw new InvalidOperationException("broken on purpose");
    }

    private sealed class NeedySource(IServer nowhere) : SomeSource
    {
        public override string ToString() => nowhere.Name;
    }

    private interface IServer
    {
        string Name { get; }
    }

    private sealed class Chicken(Egg egg) : IPeerStore
    {
        public ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken) => new(Task.FromResult(egg));

        public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken) => default;
    }

    private sealed class Egg(Chicken chicken)
    {
        public override string ToString() => $"{chicken}";
    }

    private sealed class Untitled : IStatusSection
    {
        public string Key => "bad";

        public string Title => throw new InvalidOperationException("broken on purpose");

        public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new([]);
    }

    private sealed class Swallower : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app => app.Run(context => context.Response.WriteAsync("swallowed"));
    }
}
