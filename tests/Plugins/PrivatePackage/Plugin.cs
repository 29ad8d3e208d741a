using System.Reflection;
using AptP2P;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

[assembly: Plugin(typeof(PrivatePackage.Plugin))]

namespace PrivatePackage;

public sealed class Plugin : IPlugin
{
    public string Name => "PrivatePackage";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddSingleton<IStatusSection, Status>();

    private sealed class Status : IStatusSection
    {
        public string Key => "package";

        public string Title => "Package";

        public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
            new([
                new StatusValue("version", "Version", typeof(Baggage).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()!.Version),
            ]);
    }
}
