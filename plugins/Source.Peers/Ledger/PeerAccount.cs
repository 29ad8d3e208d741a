using System.Net;

namespace AptP2P.Source.Peers.Ledger;

/// <summary>Counts what is exchanged with one peer.</summary>
internal sealed class PeerAccount(IPAddress party, IPAddress address, TimeProvider time)
{
    private const int Telling = 32 << 10; // of fewer bytes, the way there and back is most of the time

    private readonly Lock _lock = new();
    private readonly HourSum _received = new(time);
    private readonly HourSum _sent = new(time);
    private double? _rate;
    private DateTimeOffset _seen = time.GetUtcNow();

    public PeerBalance Balance
    {
        get
        {
            lock (_lock)
            {
                return new PeerBalance(party, address, _received.Total, _sent.Total, _rate, _seen);
            }
        }
    }

    public void Received(int bytes) => Add(_received, bytes);

    public void Sent(int bytes) => Add(_sent, bytes);

    /// <summary>An exchange has ended that took so long.</summary>
    public void Ended(long bytes, TimeSpan after)
    {
        if (bytes >= Telling && after > TimeSpan.Zero)
        {
            lock (_lock)
            {
                _rate = bytes / after.TotalSeconds;
            }
        }
    }

    private void Add(HourSum sum, int bytes)
    {
        lock (_lock)
        {
            sum.Add(bytes);
            _seen = time.GetUtcNow();
        }
    }
}
