using AptP2P.Testing;
using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>A scene in a network of its own (<see cref="Lab"/>): daemons without any configuration, and apts that use them.</summary>
public abstract class NetworkTest(SignedRepository repository) : EndToEndTest(repository)
{
    private Lab? _lab;

    private protected Lab Lab => _lab!;

    /// <summary>The archive's mirror, in the world.</summary>
    private protected Mirror Mirror { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        if (NetworkNamespace.FindObstacle(Lab.Programs) is { } obstacle)
        {
            throw Requirement.Missing(obstacle);
        }

        await base.InitializeAsync();
        _lab = await StartAsync(await Lab.CreateAsync(HasIPv6), static _ => Task.CompletedTask);
        Mirror = await StartMirrorOnAsync(await Lab.AddServerAsync(Lab.ArchiveAddress), Lab.ArchiveAddress);
    }

    /// <summary>Whether there is IPv6.</summary>
    private protected virtual bool HasIPv6 => false;

    /// <summary>Starts BitTorrent's DHT under its routers' names.</summary>
    private protected async Task StartMainlineAsync()
    {
        var server = await Lab.AddServerAsync(Lab.MainlineAddress);
        await StartAsync(new Mainline(), mainline => mainline.StartAsync(Lab, server));
    }

    /// <summary>An apt on a daemon's host that asks it for the archive.</summary>
    private protected AptRoot NewApt(string name, Daemon daemon) =>
        NewApt(name)
            .On(daemon.Inside!)
            .WithSources(Repository.SourceLine(new Uri($"{daemon.Address}{Lab.Archive}:{Mirror.Address.Port}/")));
}
