using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using AptP2P;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(FolderSource.FolderPlugin))]

namespace FolderSource;

public sealed class FolderPlugin : IPlugin
{
    public string Name => "FolderSource";

    public Type? OptionsType => typeof(FolderOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) => services.AddSingleton<ISource, Folders>();
}

public sealed class FolderOptions
{
    [Description("Folders with packages: flat, or as an archive has them, with its pool. They are only read.")]
    public string[] Folders { get; set; } = [];
}

/// <summary>Finds a content by the name that its archive has for it. The daemon checks the bytes, so a wrong file does no harm.</summary>
public sealed class Folders(IOptions<FolderOptions> options) : ISource
{
    private readonly ConcurrentDictionary<string, DateTime> _wrong = new(); // and when they were written

    public string Name => "folder";

    public SourceRole Role => SourceRole.Local;

    public async IAsyncEnumerable<IChannel> OpenAsync(
        Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = content.Origins.SelectMany(Names).Distinct();
        foreach (var path in names.SelectMany(name => options.Value.Folders.Select(folder => Path.Join(folder, name))))
        {
            if (await Task.Run(() => IsRight(new FileInfo(path), content.Length), cancellationToken)) // a disk may have to wake up
            {
                yield return new FileChannel(path, () => _wrong[path] = File.GetLastWriteTimeUtc(path));
            }
        }
    }

    /// <summary>The path below the archive's host and each of its ends: pool/main/h/hello.deb, main/h/hello.deb, ..., hello.deb.</summary>
    private static IEnumerable<string> Names(Origin origin)
    {
        var parts = origin.RawPath.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return Array.Exists(parts, part => part is "." or ".." || part.AsSpan().ContainsAny('/', '\0'))
            ? [] // a client may write anything
            : Enumerable.Range(0, parts.Length).Select(skipped => string.Join('/', parts.Skip(skipped)));
    }

    private bool IsRight(FileInfo file, long length) =>
        file.Exists && file.Length == length && !(_wrong.TryGetValue(file.FullName, out var since) && since == file.LastWriteTimeUtc);
}

public sealed class FileChannel(string path, Action blame) : IChannel
{
    private FileStream? _file;

    public string Name => path;

    public ChannelDistance Distance => ChannelDistance.SameHost;

    public ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken) => new((PieceList?)null);

    public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
    {
        for (var (at, isWanted) = (range.Start, true); isWanted && at < range.End;)
        {
            int count;
            var memory = sink.GetMemory();
            memory = memory[..(int)Math.Min(memory.Length, range.End - at)];
            try
            {
                _file ??= File.OpenRead(path);
                count = await RandomAccess.ReadAsync(_file.SafeFileHandle, memory, at, cancellationToken);
                at += count > 0 ? count : throw new EndOfStreamException("it is shorter than it was");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new ChannelResult(ChannelOutcome.Gone, e.Message); // pulled out, deleted, not ours to read
            }

            isWanted = await sink.AdvanceAsync(count, cancellationToken); // what it throws is the host's matter
        }

        return ChannelResult.Complete;
    }

    public void Blame(string reason) => blame();

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
