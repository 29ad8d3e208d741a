using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>The addresses of this machine's interfaces, read again when they are asked for and are no longer fresh.</summary>
internal sealed class MachineAddresses(Func<IEnumerable<IPAddress>> read, TimeProvider time) : IMachineAddresses
{
    /// <summary>How soon a change is noticed. Asking the system costs a millisecond, which not every connection should.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private Reading _last = new(read(), time.GetTimestamp());

    public IReadOnlySet<IPAddress> Current
    {
        get
        {
            var last = Volatile.Read(ref _last);
            if (time.GetElapsedTime(last.At) >= Fresh)
            {
                last = new Reading(read(), time.GetTimestamp());
                Volatile.Write(ref _last, last);
            }

            return last.Addresses;
        }
    }

    public static IEnumerable<IPAddress> OfInterfaces() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address);

    private sealed class Reading(IEnumerable<IPAddress> addresses, long at)
    {
        public FrozenSet<IPAddress> Addresses { get; } = addresses.ToFrozenSet();

        public long At { get; } = at;
    }
}
