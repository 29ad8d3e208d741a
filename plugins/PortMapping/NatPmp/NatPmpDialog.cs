using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.NatPmp;

/// <summary>A router that speaks NAT-PMP.</summary>
internal sealed class NatPmpDialog(Gateway gateway, Question question, TimeProvider time) : IRouterDialog
{
    private const int Port = 5351;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250); // RFC 6886, 3.1

    // as RFC 6886, 3.5 numbers them
    private static readonly string[] Words =
        ["success", "unsupported version", "not authorized", "network failure", "out of resources", "unsupported opcode"];

    private readonly RestartClock _clock = new(time, 1.0 / 8, bothWays: false);
    private int _restarts;
    private int _checked; // the restarts that a check has told of

    public string Protocol => "NAT-PMP";

    public async Task<bool> IsThereAsync(CancellationToken cancellationToken) => await AskAddressAsync(cancellationToken) is not null;

    public async Task<MapAnswer> MapAsync(MapRequest request, CancellationToken cancellationToken)
    {
        if (await AskAddressAsync(cancellationToken) is not { } address)
        {
            return new MapAnswer.Silent();
        }

        if (address.Address is null)
        {
            return Refused(address);
        }

        if (!gateway.IsWayIn(address.Address))
        {
            return new MapAnswer.Behind(address.Address);
        }

        return await AskAsync(request, cancellationToken) switch
        {
            null => new MapAnswer.Silent(),
            { Result: > 0 } refused => Refused(refused),
            { ExternalPort: 0 } => new MapAnswer.Refused("it gives port 0"),
            { Lifetime: 0 } => new MapAnswer.Refused("it gives no time"),
            var granted => new MapAnswer.Granted(
                new IPEndPoint(address.Address, granted.ExternalPort), TimeSpan.FromSeconds(granted.Lifetime)),
        };
    }

    public Task ReleaseAsync(Transport transport, int port, IPEndPoint external, CancellationToken cancellationToken) =>
        AskAsync(new MapRequest(transport, port, new IPEndPoint(IPAddress.Any, 0), TimeSpan.Zero), cancellationToken);

    /// <summary>The router's clock and address tell, for all mappings at once.</summary>
    public async Task<Standing> CheckAsync(IReadOnlyDictionary<Transport, IPEndPoint> held, CancellationToken cancellationToken)
    {
        if (await AskAddressAsync(cancellationToken) is not { } answer)
        {
            return Standing.Silent;
        }

        var restarts = Volatile.Read(ref _restarts);
        var isSame = Interlocked.Exchange(ref _checked, restarts) == restarts;
        return isSame && held.Values.All(external => external.Address.Equals(answer.Address)) ? Standing.Stands : Standing.Lost;
    }

    private static MapAnswer.Refused Refused(NatPmpMessage answer) =>
        new(answer.Result < Words.Length ? Words[answer.Result] : $"error {answer.Result}");

    private async Task<NatPmpMessage?> AskAddressAsync(CancellationToken cancellationToken) =>
        See(await question.AskAsync(
            gateway, Port, NatPmpMessage.WriteAddressRequest(), FirstWait, NatPmpMessage.ReadAddress, cancellationToken));

    private async Task<NatPmpMessage?> AskAsync(MapRequest request, CancellationToken cancellationToken) =>
        See(await question.AskAsync(
            gateway, Port, NatPmpMessage.WriteMapRequest(request), FirstWait,
            datagram => NatPmpMessage.ReadMapping(datagram, request.Transport, request.Port), cancellationToken));

    private NatPmpMessage? See(NatPmpMessage? answer)
    {
        if (answer is not null && _clock.HasRestarted(answer.Epoch))
        {
            Interlocked.Increment(ref _restarts);
        }

        return answer;
    }
}
