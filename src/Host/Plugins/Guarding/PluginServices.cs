using AptP2P.Host.Plugins.Loading;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>
/// A plugin's own container. Only the plugin itself sees what it registers, so it cannot replace, break or shadow anything of the host's or
/// of another plugin's. The contract's interfaces (<see cref="Guard.Types"/>) are the exception: others get them behind guards.
/// </summary>
internal sealed class PluginServices
{
    private readonly PluginEntry _owner;
    private readonly List<Guard> _guards = [];
    private readonly List<object> _hosted = [];
    private readonly Stack<IHostedService> _started = new();
    private IServiceProvider? _host;
    private ServiceProvider? _provider;

    public PluginServices(PluginEntry owner)
    {
        _owner = owner;
        Lent.AddTo(Registered, () => _host!);
        if (owner.Options is { } options)
        {
            var wrapper = Activator.CreateInstance(typeof(OptionsWrapper<>).MakeGenericType(options.GetType()), options)!;
            Registered.AddSingleton(typeof(IOptions<>).MakeGenericType(options.GetType()), wrapper);
        }
    }

    /// <summary>For the plugin to register its services in.</summary>
    public ServiceCollection Registered { get; } = [];

    /// <summary>Once the host's container and this one are made.</summary>
    public IServiceProvider Provider => _provider!;

    /// <summary>Hands the host what is for it.</summary>
    public void GiveTo(IServiceCollection host)
    {
        foreach (var service in Registered.Where(service => !service.IsKeyedService).ToArray())
        {
            if (service.ServiceType == typeof(IHostedService))
            {
                _hosted.Add(Move(service, new object()));
            }
            else if (Guard.For(service.ServiceType, _owner) is { } guard)
            {
                _guards.Add((Guard)Move(service, guard));
                Registered.Add(new ServiceDescriptor(service.ServiceType, guard));
                Register(host, service.ServiceType, guard);
            }
        }
    }

    /// <summary>Makes the container, and what is for the host.</summary>
    public void Make(IServiceProvider host)
    {
        _host = host;
        var provider = Registered.BuildServiceProvider();
        foreach (var guard in _guards)
        {
            guard.Make(provider, host);
        }

        _provider = provider; // set last: a container in which something blocks could not be disposed either
    }

    /// <summary>Makes and starts the services that run by themselves, one after the other.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var key in _hosted)
        {
            await _owner.TryAsync("starting", async enough =>
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
                var service = _provider!.GetRequiredKeyedService<IHostedService>(key);
                lock (_started)
                {
                    _started.Push(service); // before it is: what began to start is stopped, too
                }

                var phases = service as IHostedLifecycleService;
                await (phases?.StartingAsync(either.Token) ?? Task.CompletedTask);
                await service.StartAsync(either.Token);
                await (phases?.StartedAsync(either.Token) ?? Task.CompletedTask);
                Watch(service);
            });
        }
    }

    /// <summary>Stops what was started, the last first.</summary>
    /// <returns>What went wrong.</returns>
    public async Task<string?> StopAsync(ForeignCalls calls)
    {
        string? problem = null;
        while (Next() is { } service)
        {
            problem = await calls.TryAsync("stopping", async enough =>
            {
                var phases = service as IHostedLifecycleService;
                await (phases?.StoppingAsync(enough) ?? Task.CompletedTask);
                await service.StopAsync(enough);
                await (phases?.StoppedAsync(enough) ?? Task.CompletedTask);
            }) ?? problem;
        }

        return problem;
    }

    /// <summary>Disposes of all that the container has made.</summary>
    /// <returns>What went wrong.</returns>
    public async Task<string?> DisposeAsync(ForeignCalls calls) =>
        _provider is { } provider ? await calls.TryAsync("disposing of its services", _ => provider.DisposeAsync().AsTask()) : null;

    private IHostedService? Next()
    {
        lock (_started)
        {
            return _started.TryPop(out var service) ? service : null;
        }
    }

    /// <summary>The plugin's object is made once, and only for the key: whoever asks for the interface gets what all have.</summary>
    private object Move(ServiceDescriptor service, object key)
    {
        Registered.Remove(service);
        Registered.Add(
            service switch
            {
                { ImplementationInstance: { } instance } => new ServiceDescriptor(service.ServiceType, key, instance),
                { ImplementationFactory: { } factory } => new ServiceDescriptor(
                    service.ServiceType, key, (provider, _) => factory(provider), ServiceLifetime.Singleton),
                _ => new ServiceDescriptor(service.ServiceType, key, service.ImplementationType!, ServiceLifetime.Singleton),
            });
        return key;
    }

    private static void Register(IServiceCollection host, Type type, Guard guard)
    {
        if (guard is ContentStoreGuard store)
        {
            var own = host.Last(service => service.ServiceType == type);
            host.Replace(ServiceDescriptor.Singleton(provider => store.IsMade ? store : (IContentStore)Create(own, provider)));
        }
        else
        {
            host.Add(new ServiceDescriptor(type, guard));
        }
    }

    private static object Create(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationInstance
        ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    /// <summary>Work in the background that fails is no longer done, and nobody else would say so.</summary>
    private void Watch(IHostedService service)
    {
        if (service is BackgroundService { ExecuteTask: { } work })
        {
            _ = work.ContinueWith(
                failed => _owner.Fail($"its work in the background threw {ForeignCalls.Describe(failed.Exception!.GetBaseException())}"),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
