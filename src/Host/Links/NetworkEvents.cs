using System.Net.NetworkInformation;

namespace AptP2P.Host.Links;

/// <summary>Has the system say when something of the network has changed, until what is returned is disposed of.</summary>
internal delegate IDisposable NetworkEvents(Action changed);

/// <summary>
/// Linux tells .NET of IPv4 addresses that come and go; of IPv6 addresses and links by the event for availability, a moment later.
/// </summary>
internal sealed class SystemEvents : IDisposable
{
    private readonly Action _changed;

    private SystemEvents(Action changed)
    {
        _changed = changed;
        NetworkChange.NetworkAddressChanged += OnAddressChanged;
        NetworkChange.NetworkAvailabilityChanged += OnAvailabilityChanged;
    }

    public static IDisposable Listen(Action changed) => new SystemEvents(changed);

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnAddressChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnAvailabilityChanged;
    }

    private void OnAddressChanged(object? sender, EventArgs e) => _changed();

    private void OnAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e) => _changed();
}
