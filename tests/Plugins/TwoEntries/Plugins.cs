using AptP2P;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(TwoEntries.First))]
[assembly: Plugin(typeof(TwoEntries.Second))]

namespace TwoEntries;

public sealed class First : IPlugin
{
    public string Name => "First";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }
}

public sealed class Second : IPlugin
{
    public string Name => "Second";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }
}
