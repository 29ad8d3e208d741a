namespace AptP2P.Bench.Index;

internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bench-index").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
