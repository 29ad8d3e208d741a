using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;

namespace AptP2P.Host.Origins;

/// <summary>
/// Begins anew with all origins when the machine comes to another network, or wakes up: what could not be reached there says nothing, a
/// name may have other addresses here, and no connection leads anywhere.
/// </summary>
internal sealed class NewNetwork(
    IMachineAddresses machine, NameCache names, DeadAddresses dead, OriginHealth health, ConnectionPools pools) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var seen = machine.Changes; ;)
        {
            seen = await machine.WaitForChangeAsync(seen, stoppingToken);
            names.AskAnew();
            dead.Forget();
            health.Forgive();
            pools.LeaveConnections();
        }
    }
}
