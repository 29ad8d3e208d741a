using System.ComponentModel;
using System.Net;
using AptP2P.Abstractions.Tests.Testing;
using AptP2P.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;

[assembly: AptP2P.Plugin(typeof(EveryOptionPlugin))]

namespace AptP2P.Abstractions.Tests.Testing;

/// <summary>The suite accepts an option of each type that <see cref="IPlugin.OptionsType"/> allows.</summary>
public sealed class PluginConformanceTests : PluginConformance<EveryOptionPlugin>;

public sealed class EveryOptionPlugin : IPlugin
{
    public string Name => "Every.Option";

    public Type? OptionsType => typeof(EveryOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }
}

public sealed class EveryOptions
{
    [Description("A text.")]
    public string Text { get; set; } = "";

    [Description("Texts.")]
    public string[] Texts { get; set; } = [];

    [Description("A choice.")]
    public DayOfWeek Choice { get; set; }

    [Description("A time.")]
    public TimeSpan Time { get; set; }

    [Description("A size.")]
    public ByteSize Size { get; set; }

    [Description("A number, or none.")]
    public int? Number { get; set; }

    [Description("Networks.")]
    public IPNetwork[] Networks { get; set; } = [];

    [Description("An address.")]
    public IPAddress Address { get; set; } = IPAddress.None;

    [Description("An address with a port.")]
    public IPEndPoint? EndPoint { get; set; }

    [Description("Addresses with ports.")]
    public IPEndPoint[] EndPoints { get; set; } = [];
}
