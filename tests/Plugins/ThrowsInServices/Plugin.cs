using AptP2P;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(ThrowsInServices.Plugin))]

namespace ThrowsInServices;

public sealed class Plugin : IEndpointPlugin
{
    public string Name => "ThrowsInServices";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<Plugin>();
        throw new InvalidOperationException("broken on purpose");
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
