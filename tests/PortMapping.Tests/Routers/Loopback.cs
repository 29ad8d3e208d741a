using System.Net;

namespace AptP2P.Ports.Tests.Routers;

/// <summary>
/// Addresses of this machine for routers, whose ports have fixed numbers. The process takes part, so that two runs do not meet.
/// </summary>
internal static class Loopback
{
    private static int _given;

    public static IPAddress Next()
    {
        var process = Environment.ProcessId;
        return new IPAddress([127, (byte)(31 + (process % 50)), (byte)(process / 50 % 250), (byte)Interlocked.Increment(ref _given)]);
    }
}
