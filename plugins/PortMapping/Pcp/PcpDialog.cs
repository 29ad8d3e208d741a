using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Pcp;

/// <summary>A router that speaks PCP.</summary>
internal sealed class PcpDialog(Gateway gateway, Question question, NonceKey key, TimeProvider time, Random random) : IRouterDialog
{
    private const int Port = 5351;
    private const byte NotAuthorized = 2;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(3); // RFC 6887, 8.1.1: IRT
    private static readonly TimeSpan ReleaseWait = TimeSpan.FromMilliseconds(250); // the daemon ends: nobody can wait for 3 s

    // as RFC 6887, 7.4 numbers them
    private static readonly string[] Words =
    [
        "success", "unsupported version", "not authorized", "malformed request", "unsupported opcode", "unsupported option",
        "malformed option", "network failure", "no resources", "unsupported protocol", "too many mappings for this machine",
        "the external port cannot be provided", "this machine has another address there: another router is between", "too many peers",
    ];

    private readonly RestartClock _clock = new(time, 1.0 / 16, bothWays: true);
    private int _restarts;
    private int _checked; // the restarts that a check has told of

    public string Protocol => "PCP";

    public async Task<bool> IsThereAsync(CancellationToken cancellationToken) => await AnnounceAsync(cancellationToken) is not null;

    public async Task<MapAnswer> MapAsync(MapRequest request, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(request, Jittered(), cancellationToken);
        return answer switch
        {
            null => new MapAnswer.Silent(),
            { Result: > 0 } => new MapAnswer.Refused(answer.Result < Words.Length ? Words[answer.Result] : $"error {answer.Result}"),
            { External.Port: 0 } => new MapAnswer.Refused("it gives port 0"),
            { Lifetime: 0 } => new MapAnswer.Refused("it gives no time"),
            _ => new MapAnswer.Granted(answer.External, TimeSpan.FromSeconds(answer.Lifetime)),
        };
    }

    /// <summary>A router that does not let it end, as miniupnpd for a pinhole that was renewed, is asked for its shortest life.</summary>
    public async Task ReleaseAsync(Transport transport, int port, IPEndPoint external, CancellationToken cancellationToken)
    {
        var end = new MapRequest(transport, port, new IPEndPoint(NoAddress, 0), TimeSpan.Zero);
        if (await AskAsync(end, ReleaseWait, cancellationToken) is { Result: NotAuthorized })
        {
            var shortest = end with { External = external, Lifetime = TimeSpan.FromSeconds(1) };
            await AskAsync(shortest, ReleaseWait, cancellationToken);
        }
    }

    /// <summary>The router's clock tells, for all mappings at once.</summary>
    public async Task<Standing> CheckAsync(IReadOnlyDictionary<Transport, IPEndPoint> held, CancellationToken cancellationToken)
    {
        if (await AnnounceAsync(cancellationToken) is null)
        {
            return Standing.Silent;
        }

        var restarts = Volatile.Read(ref _restarts);
        return Interlocked.Exchange(ref _checked, restarts) == restarts ? Standing.Stands : Standing.Lost;
    }

    private IPAddress NoAddress => gateway.Own.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    private async Task<PcpAnswer?> AnnounceAsync(CancellationToken cancellationToken) =>
        See(await question.AskAsync(
            gateway, Port, PcpRequest.WriteAnnounce(gateway.Own), Jittered(), PcpAnswer.ReadAnnouncement, cancellationToken));

    private async Task<PcpAnswer?> AskAsync(MapRequest request, TimeSpan firstWait, CancellationToken cancellationToken)
    {
        var nonce = key.Nonce(gateway.Address, gateway.Own, request.Transport, request.Port);
        return See(await question.AskAsync(
            gateway, Port, PcpRequest.WriteMap(gateway.Own, nonce, request), firstWait,
            datagram => PcpAnswer.ReadMapping(datagram, nonce, request.Transport, request.Port), cancellationToken));
    }

    private PcpAnswer? See(PcpAnswer? answer)
    {
        if (answer is not null && _clock.HasRestarted(answer.Epoch))
        {
            Interlocked.Increment(ref _restarts);
        }

        return answer;
    }

    private TimeSpan Jittered() => FirstWait * (0.9 + (0.2 * random.NextDouble()));
}
