using System.Net;
using AptP2P.Ports.Configuration;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Igd;
using AptP2P.Ports.Keeping;
using AptP2P.Ports.NatPmp;
using AptP2P.Ports.Pcp;
using AptP2P.Testing;

namespace AptP2P.Ports.Tests.Routers;

/// <summary>A keeper and its router, on virtual time.</summary>
internal sealed class KeeperRig : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ports");
    private readonly CancellationTokenSource _end = new();
    private readonly List<(Func<Held, bool> Is, TaskCompletionSource<Held> Said)> _awaited = [];
    private Task _work = Task.CompletedTask;

    public KeeperRig(string router = "192.168.1.1", string own = "192.168.1.5", PortMappingOptions? options = null)
    {
        options ??= new PortMappingOptions();
        Router = new PlannedRouter(Time);
        Gateway = new Gateway(IPAddress.Parse(router), IPAddress.Parse(own));
        var question = new Question(Router, Time, options.Patience);
        var random = new Random(7);
        IMappingProtocol[] protocols =
        [
            new PcpProtocol(question, new NonceKey(_state.FullName), Time, random),
            new NatPmpProtocol(question, Time),
            new IgdProtocol(Router, Time, random, options.Patience),
        ];
        Keeper = new Keeper(
            Gateway, new KeeperSetup(9977, protocols, options, Time, random) { Attempted = (name, how) => Attempts.Add($"{name} {how}") },
            Take);
    }

    public VirtualTime Time { get; } = new();

    public PlannedRouter Router { get; }

    public Gateway Gateway { get; }

    public Keeper Keeper { get; }

    /// <summary>All that the keeper has said.</summary>
    public List<Held> Said { get; } = [];

    public List<string> Attempts { get; } = [];

    /// <summary>Runs a test with the keeper at work, and stops it in the end.</summary>
    public void Run(Func<Task> test) => new SingleThread(Time).Run(async () =>
    {
        _work = WorkAsync();
        await test();
        await StopAsync();
    });

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Keeper.ReleaseAsync();
    }

    /// <summary>Waits for something that the keeper says next.</summary>
    public Task<Held> SaysAsync(Func<Held, bool>? what = null)
    {
        var said = new TaskCompletionSource<Held>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Add((what ?? (_ => true), said));
        return said.Task;
    }

    public Task AfterAsync(TimeSpan time) => Task.Delay(time, Time);

    public void Dispose()
    {
        _end.Dispose();
        _state.Delete(recursive: true);
    }

    private async Task WorkAsync()
    {
        await Task.Yield(); // the test listens first
        await Keeper.RunAsync(_end.Token);
    }

    private void Take(Held held)
    {
        Said.Add(held);
        foreach (var one in _awaited.Where(one => one.Is(held)).ToList())
        {
            _awaited.Remove(one);
            one.Said.SetResult(held);
        }
    }
}
