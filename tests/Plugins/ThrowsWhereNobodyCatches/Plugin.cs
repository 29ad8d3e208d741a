using AptP2P;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: Plugin(typeof(ThrowsWhereNobodyCatches.Plugin))]

namespace ThrowsWhereNobodyCatches;

public sealed class Plugin : IPlugin
{
    public string Name => "ThrowsWhereNobodyCatches";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddHostedService<Service>();
}

/// <summary>Each of these would end the process; and the last thread would keep it from ending.</summary>
internal sealed class Service : IHostedService, IDisposable
{
    private Timer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(() => throw new InvalidOperationException("on a thread")).Start();
        _timer = new Timer(_ => throw new InvalidOperationException("in a timer"), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        ThrowLater();
        new Thread(() => new ManualResetEventSlim().Wait()).Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private static async void ThrowLater()
    {
        await Task.Yield();
        throw new InvalidOperationException("in async void");
    }
}
