using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;
using AptP2P.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Storage;

/// <summary>The default store in a folder of its own, on a disk whose size the test says, on virtual time.</summary>
internal sealed class StoreRig : IDisposable
{
    public StoreRig(QuotaOptions options)
    {
        Paths = new StorePaths(Folder);
        Store = Open(options);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Folder { get; } = Directory.CreateTempSubdirectory("apt-p2p-store").FullName;

    public VirtualTime Time { get; } = new();

    public StorePaths Paths { get; }

    public FileContentStore Store { get; private set; }

    /// <summary>What the disk has for the store's files, and those of others.</summary>
    public long Disk { get; set; } = 1_000_000_000;

    /// <summary>Those that no index names.</summary>
    public HashSet<ContentHash> Unnamed { get; } = [];

    public LogLines<FileContentStore> Log { get; } = new();

    /// <summary>Begins anew on the same folder, as a restart does.</summary>
    public void Restart(QuotaOptions options)
    {
        Store.Dispose();
        Store = Open(options);
    }

    /// <summary>Stores a content.</summary>
    public async Task<ContentHash> PutAsync(int length, int seed)
    {
        var bytes = TestContent.Bytes(length, seed);
        await using var partial = await Store.BeginAsync(ContentHash.Of(bytes), length, Cancellation);
        await partial.WriteAsync(0, bytes, Cancellation);
        await partial.CommitAsync(PieceList.CountFor(length) > 1 ? TestContent.PiecesOf(bytes) : null, Cancellation);
        Time.Advance(TimeSpan.FromMinutes(1)); // the next one is used later
        return ContentHash.Of(bytes);
    }

    /// <summary>Begins a content and leaves it.</summary>
    public async Task<ContentHash> LeaveAsync(int length, int seed)
    {
        var bytes = TestContent.Bytes(length, seed);
        await using (var partial = await Store.BeginAsync(ContentHash.Of(bytes), length, Cancellation))
        {
            await partial.WriteAsync(0, bytes.AsMemory(0, length / 2), Cancellation);
            await partial.MarkAsync(new ByteRange(0, length / 2), Cancellation);
        }

        Time.Advance(TimeSpan.FromMinutes(1));
        return ContentHash.Of(bytes);
    }

    public async Task<bool> HasAsync(ContentHash hash)
    {
        await using var stored = await Store.OpenAsync(hash, Cancellation);
        return stored is not null;
    }

    /// <summary>Changes a byte as a program does.</summary>
    public void Overwrite(ContentHash hash, long at)
    {
        Rot.Flip(Paths.Content(hash), at);
        File.SetLastWriteTimeUtc(Paths.Content(hash), new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // whatever the clock's grain
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private FileContentStore Open(QuotaOptions options) =>
        new(Paths, Options.Create(options), FreeSpace, hashes => hashes.Except(Unnamed).ToHashSet(), Time, Log);

    private long FreeSpace() =>
        // some go meanwhile
        Disk - new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);
}
