using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every plugin assembly must do. Derive from it in the plugin's tests.</summary>
public abstract class PluginConformance<TPlugin> : IDisposable where TPlugin : IPlugin, new()
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("plugin-conformance");

    private readonly ServiceCollection _registered = [];

    protected virtual IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, 9977);

    /// <summary>What the host would register; by default the services that every host has, and in-memory ones for the contract's.</summary>
    protected virtual void AddHost(IServiceCollection services) =>
        services.AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
            .AddSingleton<IOriginConnector, InMemory.DirectConnector>().AddSingleton<IOriginClient>(
                provider => new InMemory.DirectClient(provider.GetRequiredService<IOriginConnector>()))
            .AddSingleton<ISharedContents, InMemory.InMemorySharedContents>()
            .AddSingleton<IMachineAddresses>(new InMemory.ListedAddresses("127.0.0.1"))
            // Those of the host and of other plugins: what this one registers itself is not among them before it is made.
            .AddSingleton<IEnumerable<ISourcePolicy>>(
                [new InMemory.FixedPolicy(new SourcePlan(Origin: true, PeerUse.Search), "FewPeers")])
            .AddSingleton<IEnumerable<ISource>>([]).AddSingleton<IEnumerable<IPeerLookup>>([]).AddSingleton<IEnumerable<IPeerStore>>([])
            .AddSingleton<IEnumerable<INeighbours>>([]).AddSingleton<IEnumerable<IPortMapping>>([])
            .AddSingleton<IEnumerable<IStatusSection>>([]);

    [Fact]
    public void Assembly_Always_NamesThisOneEntryPoint()
    {
        var attribute = Assert.Single(typeof(TPlugin).Assembly.GetCustomAttributes<PluginAttribute>());

        Assert.Equal(typeof(TPlugin), attribute.EntryType);
        Assert.True(typeof(TPlugin).IsPublic);
    }

    [Fact]
    public void Name_Always_IsASectionName() => Assert.Matches("^[A-Z][A-Za-z0-9.]*$", new TPlugin().Name);

    [Fact]
    public void Options_Each_HasADescriptionAndATypeTheHostCanRead()
    {
        foreach (var property in Options())
        {
            Assert.True(
                property.GetCustomAttribute<DescriptionAttribute>() is { Description.Length: > 0 }, $"{property.Name} says nothing");
            Assert.True(property is { CanRead: true, CanWrite: true }, $"{property.Name} cannot be set");
            Assert.True(IsReadable(property.PropertyType), $"{property.Name} is a {property.PropertyType}");
        }
    }

    [Fact]
    public void Options_Defaults_AreValid()
    {
        if (new TPlugin().OptionsType is { } type)
        {
            var options = Activator.CreateInstance(type)!;
            List<ValidationResult> errors = [];

            Assert.True(
                Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true),
                string.Join("; ", errors));
        }
    }

    [Fact]
    public async Task ConfigureServices_Defaults_EveryServiceCanBeMade()
    {
        await using var app = Build();

        Assert.All(
            _registered.Where(service => !service.IsKeyedService && service.ServiceType.Assembly == typeof(IPlugin).Assembly),
            service => Assert.NotNull(Make(service, app.Services)));
    }

    [Fact]
    public async Task MapEndpoints_Paths_AreThePluginsOwn()
    {
        if (new TPlugin() is IEndpointPlugin plugin)
        {
            await using var app = Build();
            plugin.MapEndpoints(app);

            var paths = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Select(endpoint => endpoint.RoutePattern.RawText!).ToArray();

            Assert.All(paths, path => Assert.Matches("^(p2p(/.*)?|\\.well-known(/.*)?)?$", path.TrimStart('/')));
        }
    }

    public void Dispose()
    {
        _state.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private static PropertyInfo[] Options() => new TPlugin().OptionsType?.GetProperties() ?? [];

    private static bool IsReadable(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        return type == typeof(string) || type == typeof(TimeSpan) || type == typeof(IPEndPoint) || type.IsEnum
            || type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IParsable<>));
    }

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationInstance
        ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        AddHost(builder.Services);
        var plugin = new TPlugin();
        if (plugin.OptionsType is { } type)
        {
            var made = typeof(Options).GetMethod(nameof(Microsoft.Extensions.Options.Options.Create))!.MakeGenericMethod(type);
            builder.Services.AddSingleton(typeof(IOptions<>).MakeGenericType(type), made.Invoke(null, [Activator.CreateInstance(type)])!);
        }

        plugin.ConfigureServices(_registered, new PluginContext(_state.FullName, EndPoint));
        foreach (var service in _registered)
        {
            builder.Services.Add(service);
        }

        return builder.Build();
    }
}
