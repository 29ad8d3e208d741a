using AptP2P;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(ThrowsInConstructor.Plugin))]

namespace ThrowsInConstructor;

public sealed class Plugin : IEndpointPlugin
{
    public Plugin()
    {
        throw new InvalidOperationException("broken on purpose");
    }

    public string Name => "ThrowsInConstructor";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<Plugin>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
