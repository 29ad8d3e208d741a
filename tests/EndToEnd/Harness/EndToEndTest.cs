using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using AptP2P.Testing;
using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// A scene of mirrors, daemons and apts, each daemon and mirror on a loopback address of its own. What a test started is ended after it,
/// and when it failed, what the daemons said is shown.
/// </summary>
public abstract class EndToEndTest(SignedRepository repository) : IAsyncLifetime
{
    /// <summary>Of addresses: each project that runs beside the others has one.</summary>
    private static readonly int Block = int.Parse(
        typeof(EndToEndTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Addresses").Value!,
        CultureInfo.InvariantCulture);

    private static int _tests;

    private readonly string _folder = Directory.CreateTempSubdirectory("aptp2p-e2e-").FullName;
    private readonly int _test = Interlocked.Increment(ref _tests);
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<Daemon> _daemons = [];
    private readonly List<Mirror> _mirrors = [];
    private int _addresses;

    private protected SignedRepository Repository => repository;

    /// <summary>What daemons have in their environment that are started from now on.</summary>
    private protected Dictionary<string, string> Variables { get; } = [];

    public virtual ValueTask InitializeAsync()
    {
        if (repository.Unavailable is { } reason)
        {
            throw Requirement.Missing(reason);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var failures = new List<Exception>();
        while (_started.TryPop(out var started))
        {
            try
            {
                await started.DisposeAsync();
            }
            catch (Exception failure) // one that does not stop well must not keep the others running
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0 || TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            ShowWhatHappened();
        }

        Directory.Delete(_folder, recursive: true);
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private protected string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>The next address of this test. The process takes part in it, so that two runs on one machine do not meet.</summary>
    private protected IPAddress NextAddress() => new([127, (byte)(Block + Environment.ProcessId % 50), (byte)_test, (byte)++_addresses]);

    private protected Task<Mirror> StartMirrorAsync(string? root = null) => StartAsync(new Mirror(root ?? repository.Root, NextAddress()));

    /// <summary>Starts a mirror that speaks https, for an apt that believes its authority and has it in its sources.</summary>
    private protected async Task<(Mirror Mirror, AptRoot Apt)> StartTlsMirrorAsync()
    {
        using var authority = new Authority();
        var address = NextAddress();
        var mirror = await StartAsync(new Mirror(repository.Root, address, authority.Certify(address)));
        var pem = Folder("authority.pem");
        await File.WriteAllTextAsync(pem, authority.Pem, TestContext.Current.CancellationToken);
        return (mirror, NewApt("apt").WithSources(repository.SourceLine(mirror.Address)).WithOption($"Acquire::https::CAInfo={pem}"));
    }

    private async Task<Mirror> StartAsync(Mirror mirror)
    {
        _mirrors.Add(mirror);
        return await StartAsync(mirror, one => one.StartAsync());
    }

    private protected Task<Daemon> StartDaemonAsync(string name, params IEnumerable<string> options) =>
        StartDaemonAsync(name, null, options);

    /// <summary>Starts a daemon whose DHT begins at another one.</summary>
    private protected Task<Daemon> StartDaemonAsync(string name, Daemon? bootstrap, params IEnumerable<string> options) =>
        StartDaemonAsync(name, NextAddress(), null, bootstrap, options);

    /// <summary>Starts a daemon on a host of the test's own network, as it is without any configuration.</summary>
    private protected Task<Daemon> StartDaemonOnAsync(NetworkNamespace host, string name, params IEnumerable<string> options) =>
        StartDaemonAsync(name, IPAddress.Loopback, null, null, options, host);

    /// <summary>Starts a mirror on such a host.</summary>
    private protected Task<Mirror> StartMirrorOnAsync(NetworkNamespace host, IPAddress address) =>
        StartAsync(new Mirror(repository.Root, address, inside: host));

    /// <summary>Starts a daemon whose port stays open when it ends.</summary>
    private protected async Task<(Daemon Daemon, HeldPort Port)> StartHeldDaemonAsync(string name, params IEnumerable<string> options)
    {
        var address = NextAddress();
        var port = new HeldPort(address, Daemon.Port);
        _started.Push(port);
        return (await StartDaemonAsync(name, address, port, null, options), port);
    }

    private async Task<Daemon> StartDaemonAsync(
        string name, IPAddress address, HeldPort? port, Daemon? bootstrap, IEnumerable<string> options, NetworkNamespace? host = null)
    {
        string[] all =
        [
            "--Catalog:AptLists=", // the machine's own are no part of a scene, nor are its sources and keys
            "--Catalog:AptSources=",
            "--Catalog:Keyrings=",
            "--Proxy:IndexWait=25s", // what a busy machine is slow to learn would be passed through, and no test is about that
            .. host is null ? (string[])["--Dht.Kademlia:Routers="] : [], // nothing leaves this machine
            .. bootstrap is null ? (string[])[] : [$"--Dht.Kademlia:Bootstrap={bootstrap.EndPoint}"],
            .. options,
        ];
        var daemon = new Daemon(name, address, Folder(name), all, port) { Variables = Variables, Inside = host };
        _daemons.Add(daemon);
        return await StartAsync(daemon, one => one.StartAsync());
    }

    /// <summary>Starts anything that is to be ended after the test, whatever becomes of the start.</summary>
    private protected async Task<T> StartAsync<T>(T what, Func<T, Task> start)
        where T : IAsyncDisposable
    {
        _started.Push(what);
        await start(what);
        return what;
    }

    /// <summary>Starts a peer that has false bytes, the same as all others like it.</summary>
    private protected async Task<LyingPeer> StartLiarAsync(RepositoryPackage package)
    {
        var lie = await File.ReadAllBytesAsync(Path.Combine(repository.Root, package.Path), TestContext.Current.CancellationToken);
        for (var i = 0; i < lie.Length; i += 1000)
        {
            lie[i] ^= 0x55; // the same lie from all of them
        }

        Assert.NotEqual(package.Sha256, Convert.ToHexStringLower(SHA256.HashData(lie)));
        return await StartAsync(new LyingPeer(NextAddress(), package, lie), peer => peer.StartAsync());
    }

    private protected AptRoot NewApt(string name) => AptRoot.Create(Folder($"apt-{name}"));

    /// <summary>
    /// An apt that asks a daemon for a mirror's archive: by <c>http://daemon/mirror/debian</c> in its sources, or with the daemon as its
    /// proxy.
    /// </summary>
    private protected AptRoot NewApt(string name, Daemon daemon, Mirror mirror, bool proxyForm = false) => proxyForm
        ? NewApt(name).WithSources(repository.SourceLine(mirror.Address)).ThroughProxy(daemon)
        : NewApt(name).WithSources(repository.SourceLine(Through(daemon, mirror)));

    private protected static Uri Through(Daemon daemon, Mirror mirror) => new(daemon.Address, $"{mirror.Address.Authority}/");

    private void ShowWhatHappened()
    {
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var daemon in _daemons)
        {
            output.WriteLine(daemon.Output);
        }

        foreach (var mirror in _mirrors)
        {
            output.WriteLine($"=== {mirror.Address} was asked for\n{string.Join('\n', mirror.Log)}");
        }
    }
}
