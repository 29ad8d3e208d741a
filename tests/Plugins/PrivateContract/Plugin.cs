using AptP2P;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(PrivateContract.Plugin))]

namespace PrivateContract;

public sealed class Plugin : IPlugin
{
    public string Name => "PrivateContract";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }
}
