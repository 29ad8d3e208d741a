using System.Diagnostics;

namespace AptP2P.Bench.Dht;

/// <summary>
/// Distances between loopback addresses, by a library that every node process preloads (delay.c), and which nodes are dead.
/// </summary>
internal sealed class DelayShim : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aptp2p-delay-").FullName;

    public DelayShim()
    {
        Revive();
        using var compiler = Process.Start(
            "cc", ["-O2", "-shared", "-fPIC", "-o", Library, Path.Combine(AppContext.BaseDirectory, "delay.c"), "-ldl", "-lpthread"]);
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
        {
            throw new InvalidOperationException("delay.c cannot be compiled");
        }
    }

    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["LD_PRELOAD"] = Library, ["DELAY_DEAD"] = Dead };

    private string Library => Path.Combine(_folder, "delay.so");

    private string Dead => Path.Combine(_folder, "dead");

    /// <summary>From now on, nothing comes from or to the nodes numbered so (the third octet of their addresses).</summary>
    public void Kill(IEnumerable<int> numbers)
    {
        using var file = File.OpenWrite(Dead);
        foreach (var number in numbers)
        {
            file.Position = number;
            file.WriteByte(1);
        }
    }

    public void Revive() => File.WriteAllBytes(Dead, new byte[256]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
