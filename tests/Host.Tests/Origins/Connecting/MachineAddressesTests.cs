using System.Net;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Connecting;

public sealed class MachineAddressesTests
{
    [Fact]
    public void Current_NetworkChanged_IsNoticedSoonAndNotAskedForEachTime()
    {
        var time = new VirtualTime();
        var (address, asked) = (IPAddress.Parse("192.168.1.5"), 0);
        var machine = new MachineAddresses(Read, time);
        address = IPAddress.Parse("10.0.0.5");

        Assert.Equal([IPAddress.Parse("192.168.1.5")], machine.Current);
        time.Advance(MachineAddresses.Fresh);
        Assert.Equal([address], machine.Current);
        Assert.Equal([address], machine.Current);
        Assert.Equal(2, asked);

        IEnumerable<IPAddress> Read()
        {
            asked++;
            return [address];
        }
    }

    [Fact]
    public void OfInterfaces_Always_HasLoopback() => Assert.Contains(IPAddress.Loopback, MachineAddresses.OfInterfaces());
}
