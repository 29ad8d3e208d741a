using System.Globalization;
using System.Net;

namespace AptP2P.EndToEnd.Harness;

/// <summary>What a process has of the machine (proc(5)).</summary>
/// <param name="Memory">Resident memory that is not a file's, in bytes: heaps, stacks, compiled code.</param>
/// <param name="Descriptors">Files and sockets.</param>
internal readonly record struct ProcessUse(long Memory, int Descriptors)
{
    private const string Established = "01";
    private const string CloseWait = "08";

    public static ProcessUse Of(int process)
    {
        var resident = File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return new(
            long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024, // in kB
            Directory.GetFileSystemEntries($"/proc/{process}/fd").Length);
    }

    /// <summary>How many connections stand that somebody has made to a port of this machine.</summary>
    public static int ConnectionsTo(IPEndPoint port)
    {
        var address = BitConverter.ToUInt32(port.Address.GetAddressBytes()); // as the kernel prints it: in the machine's order
        var local = string.Create(CultureInfo.InvariantCulture, $"{address:X8}:{port.Port:X4}");
        return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => IsLocal(fields[1]) && fields[3] is Established or CloseWait);

        bool IsLocal(string end) => end == local || end.EndsWith($"FFFF0000{local}", StringComparison.Ordinal);
    }
}
