using AptP2P.Host.Plugins.Loading;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>What a plugin maps its endpoints on. The daemon gets them only when all of them were found good.</summary>
internal sealed class PluginEndpoints(PluginEntry owner, PluginServices services) : IEndpointRouteBuilder
{
    /// <summary>The first parts of paths that are no archive's, by RFC 8615 and by the documentation.</summary>
    private static readonly string[] Roots = ["p2p", ".well-known"];

    public IServiceProvider ServiceProvider => services.Provider;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    /// <summary>What was mapped, with a guard before each.</summary>
    public IReadOnlyList<RouteEndpoint> Guarded()
    {
        var scopes = ServiceProvider.GetRequiredService<IServiceScopeFactory>();
        return [.. DataSources.SelectMany(source => source.Endpoints).Select(endpoint => Guard(endpoint, scopes))];
    }

    /// <returns>Why it cannot be: a path that is an archive's, or one that somebody has already.</returns>
    public static string? FindClash(IReadOnlyList<RouteEndpoint> mapped, IEnumerable<RouteEndpoint> before)
    {
        var taken = before.ToLookup(Shape, StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in mapped)
        {
            if (endpoint.RoutePattern.PathSegments is [var first, ..]
                && !(first.Parts is [RoutePatternLiteralPart root] && Roots.Contains(root.Content, StringComparer.OrdinalIgnoreCase)))
            {
                return $"it maps {Say(endpoint)}, which is an archive's: paths of ours are /, and those below /p2p/ and /.well-known/";
            }

            if (taken[Shape(endpoint)].Any(other => Overlap(Methods(other), Methods(endpoint))))
            {
                return $"it maps {Say(endpoint)}, which is mapped already";
            }
        }

        return null;
    }

    private RouteEndpoint Guard(Endpoint endpoint, IServiceScopeFactory scopes) =>
        endpoint is RouteEndpoint { RequestDelegate: { } answer } route
            ? new RouteEndpoint(context => Answer(context, answer, scopes), route.RoutePattern, order: 0, route.Metadata, route.DisplayName)
            : throw new NotSupportedException($"{endpoint} has no path, or nothing that answers");

    private Task Answer(HttpContext context, RequestDelegate answer, IServiceScopeFactory scopes)
    {
        if (!owner.Works)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, scopes)); // made when it is used
        return answer(context);
    }

    private static string Say(RouteEndpoint endpoint) => ForeignCalls.ToLine(endpoint.RoutePattern.RawText);

    /// <summary>The pattern without the names of its parameters, which do not tell paths apart.</summary>
    private static string Shape(RouteEndpoint endpoint) => string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { IsCatchAll: true } => "{*}",
            _ => "{}",
        }))));

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    /// <summary>None is all.</summary>
    private static bool Overlap(IReadOnlyList<string> some, IReadOnlyList<string> others) =>
        some.Count == 0 || others.Count == 0 || some.Intersect(others, StringComparer.OrdinalIgnoreCase).Any();
}
