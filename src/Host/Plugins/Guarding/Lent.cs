using System.Collections;
using System.Diagnostics.Metrics;
using System.Net;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>
/// What the host lends to each plugin's container. The host is asked for it when it is first used, so that making a plugin's objects makes
/// none of the host's or of another plugin's. To dispose of it does nothing, since it is not the plugin's.
/// </summary>
internal static class Lent
{
    public static void AddTo(IServiceCollection services, Func<IServiceProvider> host)
    {
        services.AddOptions();
        services.AddSingleton<ILoggerFactory>(_ => new Loggers(host)).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<IMeterFactory>(_ => new Meters(host));
        services.AddSingleton(_ => host().GetRequiredService<TimeProvider>());
        services.AddSingleton<IOriginClient>(_ => new Client(host)).AddSingleton<IOriginConnector>(_ => new Connector(host));
        services.AddSingleton<ISharedContents>(_ => new Contents(host)).AddSingleton<IMachineAddresses>(_ => new Machine(host));
        foreach (var type in Guard.Types.Where(type => type != typeof(IContentStore)))
        {
            services.AddSingleton(
                typeof(IEnumerable<>).MakeGenericType(type), _ => Activator.CreateInstance(typeof(All<>).MakeGenericType(type), host)!);
        }
    }

    private sealed class Loggers(Func<IServiceProvider> host) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => host().GetRequiredService<ILoggerFactory>().CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider)
        {
            // A provider would get every line of the daemon's log.
        }

        public void Dispose()
        {
        }
    }

    private sealed class Meters(Func<IServiceProvider> host) : IMeterFactory
    {
        public Meter Create(MeterOptions options)
        {
            if (options.Scope == this)
            {
                options.Scope = null; // the host's factory says its own, and takes no other
            }

            return host().GetRequiredService<IMeterFactory>().Create(options);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Client(Func<IServiceProvider> host) : IOriginClient
    {
        public Task<HttpResponseMessage> SendAsync(
            Origin origin, HttpRequestMessage request, Uri? resolved, CancellationToken cancellationToken) =>
            host().GetRequiredService<IOriginClient>().SendAsync(origin, request, resolved, cancellationToken);
    }

    private sealed class Connector(Func<IServiceProvider> host) : IOriginConnector
    {
        public ValueTask<Stream> ConnectAsync(string name, int port, OriginReach reach, CancellationToken cancellationToken) =>
            host().GetRequiredService<IOriginConnector>().ConnectAsync(name, port, reach, cancellationToken);
    }

    private sealed class Contents(Func<IServiceProvider> host) : ISharedContents
    {
        private readonly Lazy<ISharedContents> _hosts = new(() => host().GetRequiredService<ISharedContents>());

        public ValueTask<ISharedContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
            _hosts.Value.OpenAsync(hash, cancellationToken);

        public ValueTask<bool> HasAsync(ContentHash hash, CancellationToken cancellationToken) =>
            _hosts.Value.HasAsync(hash, cancellationToken);
    }

    private sealed class Machine(Func<IServiceProvider> host) : IMachineAddresses
    {
        private readonly Lazy<IMachineAddresses> _hosts = new(() => host().GetRequiredService<IMachineAddresses>());

        public IReadOnlySet<IPAddress> Current => _hosts.Value.Current;

        public int Changes => _hosts.Value.Changes;

        public Task<int> WaitForChangeAsync(int seen, CancellationToken cancellationToken) =>
            _hosts.Value.WaitForChangeAsync(seen, cancellationToken);

        public bool IsNear(IPAddress address) => _hosts.Value.IsNear(address);
    }

    /// <summary>All of the host's and of all plugins'.</summary>
    private sealed class All<T>(Func<IServiceProvider> host) : IEnumerable<T>
    {
        private readonly Lazy<T[]> _all = new(() => [.. host().GetServices<T>()]);

        public IEnumerator<T> GetEnumerator() => _all.Value.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
