using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AptP2P;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(Hello.HelloPlugin))]

namespace Hello;

public sealed class HelloPlugin : IEndpointPlugin
{
    public string Name => "Hello";

    public Type? OptionsType => typeof(HelloOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IStatusSection, HelloStatus>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/p2p/greeting", (IOptions<HelloOptions> options) => options.Value.Greeting);
}

public sealed class HelloOptions
{
    [Description("What is said to those who ask.")]
    [MinLength(1)]
    public string Greeting { get; set; } = "Hello";
}

internal sealed class HelloStatus(IOptions<HelloOptions> options) : IStatusSection
{
    public string Key => "hello";

    public string Title => "Greetings";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        new([new StatusValue("greeting", "Greeting", options.Value.Greeting)]);
}
