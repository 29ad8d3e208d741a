using AptP2P;
using Microsoft.Extensions.DependencyInjection;

namespace NoEntry;

public sealed class Plugin : IPlugin
{
    public string Name => "NoEntry";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }
}
