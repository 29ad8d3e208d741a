using System.Runtime.CompilerServices;
using AptP2P;
using Microsoft.Extensions.Options;

namespace PluginName;

/// <summary>Gives the contents that lie in a folder. The daemon checks each against its hash.</summary>
public sealed class FolderSource(IOptions<Settings> settings) : ISource
{
    public string Name => "folder";

    public SourceRole Role => SourceRole.Local;

    public async IAsyncEnumerable<IChannel> OpenAsync(
        Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = Path.Combine(settings.Value.Folder, content.Hash.ToString());
        if (await Task.Run(() => File.Exists(path), cancellationToken)) // a disk may have to wake up
        {
            yield return new FileChannel(path);
        }
    }
}

/// <summary>One file. What can fail is a result, not an exception.</summary>
public sealed class FileChannel(string path) : IChannel
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
                at += count > 0 ? count : throw new EndOfStreamException("it is shorter than it should be");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new ChannelResult(ChannelOutcome.Gone, e.Message);
            }

            isWanted = await sink.AdvanceAsync(count, cancellationToken); // what it throws is the daemon's matter
        }

        return ChannelResult.Complete;
    }

    public void Blame(string reason)
    {
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
