using AptP2P;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(NewerContract.Plugin))]

namespace NewerContract;

public sealed class Plugin : IPlugin, IAddition
{
    public string Name => "NewerContract";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }
}
