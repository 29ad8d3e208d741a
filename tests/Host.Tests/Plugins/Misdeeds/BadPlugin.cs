using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AptP2P.Host.Tests.Plugins.Misdeeds;

/// <summary>A plugin that does what a row of the table says.</summary>
internal sealed class BadPlugin : IEndpointPlugin
{
    public const string Called = "Bad";

    public string Name => Says();

    public Type? OptionsType => Options();

    public Func<string> Says { get; set; } = () => Called;

    public Func<Type?> Options { get; set; } = () => null;

    public Action<IServiceCollection> Services { get; set; } = _ => { };

    public Action<IEndpointRouteBuilder> Endpoints { get; set; } = _ => { };

    public void ConfigureServices(IServiceCollection services, PluginContext context) => Services(services);

    public void MapEndpoints(IEndpointRouteBuilder endpoints) => Endpoints(endpoints);
}

/// <summary>A plugin without fault, which comes after the bad one: its neighbour must not harm it.</summary>
internal sealed class GoodPlugin : IPlugin
{
    public GoodService Service { get; } = new();

    public string Name => "Good";

    public Type? OptionsType => null;

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services
            .AddSingleton<IHostedService>(Service)
            .AddSingleton<IStatusSection>(new Section("good", _ => new([new StatusValue("on", "On", true)])));
}

internal sealed class GoodService : IHostedService
{
    public string State { get; private set; } = "";

    public Task StartAsync(CancellationToken cancellationToken) => Be("started");

    public Task StopAsync(CancellationToken cancellationToken) => Be("stopped");

    private Task Be(string state)
    {
        State = state;
        return Task.CompletedTask;
    }
}

/// <summary>A section that says what a row wants.</summary>
internal sealed class Section(string key, Func<CancellationToken, ValueTask<IReadOnlyList<StatusItem>>> read) : IStatusSection
{
    public string Key => key;

    public string Title => key;

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => read(cancellationToken);
}

/// <summary>A hosted service that does what a row wants.</summary>
internal sealed class Service : IHostedService, IAsyncDisposable
{
    public Func<Task> Start { get; set; } = () => Task.CompletedTask;

    public Func<Task> Stop { get; set; } = () => Task.CompletedTask;

    public Func<ValueTask> Disposal { get; set; } = () => ValueTask.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Start();

    public Task StopAsync(CancellationToken cancellationToken) => Stop();

    public ValueTask DisposeAsync() => Disposal();
}

/// <summary>A background service that does what a row wants.</summary>
internal sealed class Work(Func<CancellationToken, Task> work) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => work(stoppingToken);
}

/// <summary>Where bad code hangs, until the test is over.</summary>
internal sealed class Trap : IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly TaskCompletionSource _open = new();
    private readonly ManualResetEventSlim _gate = new();

    /// <summary>Says that the host waits for bad code now.</summary>
    public void Enter() => _entered.Release();

    /// <summary>Blocks the thread that comes here, for which the host does not wait.</summary>
    public void Hold() => _gate.Wait();

    /// <summary>Blocks the thread that comes here.</summary>
    public void Block()
    {
        Enter();
        Hold();
    }

    /// <summary>Blocks, where a value is wanted.</summary>
    public T Block<T>(T value)
    {
        Block();
        return value;
    }

    /// <summary>Never completes, and heeds no cancellation.</summary>
    public Task Hang()
    {
        Enter();
        return _open.Task;
    }

    /// <summary>Ends when somebody has come here; each counts once.</summary>
    public Task EnteredAsync(CancellationToken cancellationToken) => _entered.WaitAsync(cancellationToken);

    /// <summary>Lets all go.</summary>
    public void Dispose()
    {
        _gate.Set();
        _open.TrySetResult();
    }
}
