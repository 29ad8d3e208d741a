using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>Which addresses did not take a connection lately, so that not every connection finds it out anew.</summary>
internal sealed class DeadAddresses(IOptions<ConnectingOptions> options, TimeProvider time)
{
    private const int MaxEntries = 1_000; // names are the clients' and the origins' to give; they must not be able to fill memory

    private readonly ConcurrentDictionary<IPEndPoint, long> _dead = new();

    public void Failed(IPEndPoint address)
    {
        if (_dead.Count >= MaxEntries)
        {
            _dead.Clear(); // at worst, it is found out once more
        }

        _dead[address] = time.GetTimestamp();
    }

    public void Answered(IPEndPoint address) => _dead.TryRemove(address, out _);

    public void Forget() => _dead.Clear();

    public bool IsDead(IPEndPoint address) =>
        _dead.TryGetValue(address, out var since) && time.GetElapsedTime(since) < options.Value.AvoidAddress;
}
