namespace AptP2P.Bench;

/// <summary>A folder for the run, removed after it.</summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>Memory, so that the disk's moods do not count.</summary>
    public const string DefaultScratch = "/dev/shm";

    public WorkFolder(string scratch) =>
        Folder = Directory.CreateDirectory(Path.Combine(scratch, $"aptp2p-bench-{Environment.ProcessId}")).FullName;

    public string Folder { get; }

    public string this[string name] => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
