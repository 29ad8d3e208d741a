using System.ComponentModel;
using System.Runtime.CompilerServices;
using AptP2P;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(FlatStore.FlatPlugin))]

namespace FlatStore;

public sealed class FlatPlugin : IPlugin
{
    public string Name => "FlatStore";

    public Type? OptionsType => typeof(FlatOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddSingleton<IContentStore, Flat>();
}

public sealed class FlatOptions
{
    [Description("Where the files are, each named by its SHA-256, such as a folder of a large disk. Nothing is ever removed to make room.")]
    public string Folder { get; set; } = "/var/cache/apt-p2p/flat";
}

/// <summary>One folder: HASH is a content, HASH.pieces the hashes of its pieces, HASH.part one that is being got.</summary>
public sealed class Flat(IOptions<FlatOptions> options) : IContentStore
{
    private string Folder => field ??= Directory.CreateDirectory(options.Value.Folder).FullName;

    public async ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(Folder, hash.ToString()));
        return file.Exists
            ? new FlatFile(file.FullName, hash, file.OpenRead(), file.Length)
            {
                Pieces = await PiecesAsync(file, cancellationToken),
            }
            : null;
    }

    public ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, hash.ToString());
        return new(new FlatFile(path, hash, File.Open(path + ".part", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite), length));
    }

    public async IAsyncEnumerable<StoredContent> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in new DirectoryInfo(Folder).EnumerateFiles())
        {
            if (ContentHash.TryParse(file.Name, out var hash))
            {
                yield return new StoredContent(hash, file.Length, await PiecesAsync(file, cancellationToken));
            }
        }
    }

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(Folder, hash.ToString())); // whoever has it open reads on
        File.Delete(Path.Combine(Folder, $"{hash}.pieces"));
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<PieceList?> PiecesAsync(FileInfo file, CancellationToken cancellationToken) =>
        PieceList.TryRead(file.Length, await File.ReadAllBytesAsync($"{file}.pieces", cancellationToken)); // none for a single piece
}

/// <summary>A content, or one that is being got. That begins anew each time: what an interrupted run left is overwritten.</summary>
public sealed class FlatFile(string path, ContentHash hash, FileStream file, long length) : IStoredContent, IPartialContent
{
    public ContentHash Hash => hash;

    public PieceList? Pieces { get; init; }

    public long Length => length;

    public IReadOnlyList<ByteRange> Recovered => [];

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(file.SafeFileHandle, destination, offset, cancellationToken);

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        RandomAccess.WriteAsync(file.SafeFileHandle, bytes, offset, cancellationToken);

    public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask UnmarkAllAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken)
    {
        RandomAccess.FlushToDisk(file.SafeFileHandle); // so that no crash leaves a name without its bytes
        await File.WriteAllBytesAsync(path + ".pieces", pieces?.ToBytes() ?? [], cancellationToken);
        File.Move(path + ".part", path, overwrite: true);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
