using AptP2P;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(ThrowsInEndpoints.Plugin))]

namespace ThrowsInEndpoints;

public sealed class Plugin : IEndpointPlugin
{
    public string Name => "ThrowsInEndpoints";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<Plugin>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        throw new InvalidOperationException("broken on purpose");
    }
}
