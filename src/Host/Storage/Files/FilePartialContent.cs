using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>
/// A file in <c>partial/</c> and, beside it, the list of its good ranges: 16 bytes each, appended. A record cut off by a crash is ignored.
/// A record whose start is -1 holds in its end who vouched for them.
/// </summary>
internal sealed class FilePartialContent : IPartialContent, IFileContent, IVouchedContent
{
    private const int RecordSize = 16;
    private const int MaxRecords = 65_536; // a mark per piece; a longer file is damage, not a download
    private const long NoRange = -1; // the start of a record that is no range
    private const long PreallocateFrom = 1 << 20; // smaller files are written before the disk can fill

    private readonly FileContentStore _store;
    private readonly ContentHash _hash;
    private readonly SafeFileHandle _file;
    private readonly SafeFileHandle _marks;
    private long _marksLength;
    private long? _voucher;
    private bool _isVoucherWritten;
    private bool _isPublished;
    private bool _disposed;

    private FilePartialContent(FileContentStore store, ContentHash hash, long length, SafeFileHandle file, SafeFileHandle marks)
    {
        (_store, _hash, Length, _file, _marks) = (store, hash, length, file, marks);
        Recovered = ReadMarks();
    }

    public long Length { get; }

    SafeFileHandle IFileContent.File => _file;

    public IReadOnlyList<ByteRange> Recovered { get; private set; }

    public long? Voucher
    {
        get => _voucher;
        set => (_voucher, _isVoucherWritten) = (value, _isVoucherWritten && value == _voucher);
    }

    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    public static FilePartialContent Open(FileContentStore store, ContentHash hash, long length)
    {
        // A new one gets its blocks at once where the file system can do that: else the disk may fill meanwhile, and apt would get half a
        // file.
        var path = store.Paths.Partial(hash);
        var file =
            length < PreallocateFrom || File.Exists(path)
                ? Open(path)
                : File.OpenHandle(
                    path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, length);
        try
        {
            return new FilePartialContent(store, hash, length, file, Open(store.Paths.Marks(hash)));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        static SafeFileHandle Open(string path) =>
            File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    // On the caller's thread: the page cache answers at once, and an asynchronous call would only occupy another thread of the pool.
    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RandomAccess.Read(_file, destination.Span, offset));
    }

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            RandomAccess.Write(_file, bytes.Span, offset);
        }
        catch (IOException)
        {
            await _store.Quota.MakeRoomAsync(bytes.Length); // the disk is full: others may go, so that apt gets this one
            RandomAccess.Write(_file, bytes.Span, offset);
        }

        _store.Quota.Wrote(bytes.Length);
    }

    public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Voucher is { } voucher && !_isVoucherWritten)
        {
            Append(new ByteRange(NoRange, voucher)); // before the first mark: a crash may come at any time
            _isVoucherWritten = true;
        }

        Append(range);
        return ValueTask.CompletedTask;
    }

    public ValueTask UnmarkAllAsync(CancellationToken cancellationToken)
    {
        RandomAccess.SetLength(_marks, _marksLength = 0);
        (Recovered, _isVoucherWritten) = ([], false);
        return ValueTask.CompletedTask;
    }

    public async ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken)
    {
        var path = _store.Paths.Content(_hash);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (pieces is not null)
        {
            // First, so that there is never a content without its list.
            await File.WriteAllBytesAsync(_store.Paths.Pieces(_hash), pieces.ToBytes(), cancellationToken);
        }

        RandomAccess.SetLength(_file, Length); // an older partial of a wrong length cannot be longer than what was verified
        _store.Durability.Publishing();
        try
        {
            File.Move(_store.Paths.Partial(_hash), path, overwrite: true);
        }
        finally
        {
            _store.Durability.Published(_hash);
        }

        File.Delete(_store.Paths.Marks(_hash));
        _store.Published(_hash, _file, Length);
        _isPublished = true;
        _store.Inventory.End(_hash, 0, _store.Now); // whoever still reads here needs the open file only
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            var left = _isPublished ? 0 : GiveBack();
            _file.Dispose();
            _marks.Dispose();
            if (!_isPublished)
            {
                _store.Inventory.End(_hash, left, _store.Now);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Append(ByteRange record)
    {
        var bytes = new byte[RecordSize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, record.Start);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), record.End);
        RandomAccess.Write(_marks, bytes, Interlocked.Add(ref _marksLength, RecordSize) - RecordSize);
    }

    /// <summary>Gives back the blocks that were reserved and not written.</summary>
    /// <returns>How many bytes stay for the next time.</returns>
    private long GiveBack()
    {
        var left = RandomAccess.GetLength(_file);
        try
        {
            RandomAccess.SetLength(_file, left);
        }
        catch (IOException)
        {
            // then they stay until the partial is continued or expires
        }

        return left;
    }

    private List<ByteRange> ReadMarks()
    {
        _marksLength = RandomAccess.GetLength(_marks) / RecordSize * RecordSize;
        var written = RandomAccess.GetLength(_file);
        if (_marksLength > MaxRecords * RecordSize)
        {
            RandomAccess.SetLength(_marks, _marksLength = 0);
        }

        var bytes = new byte[_marksLength];
        RandomAccess.Read(_marks, bytes, 0);
        var ranges = new List<ByteRange>();
        for (var at = 0; at < bytes.Length; at += RecordSize)
        {
            var range = new ByteRange(
                BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at)), BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at + 8)));
            if (range is { Start: NoRange, End: > 0 })
            {
                (_voucher, _isVoucherWritten) = (range.End, true);
            }
            else if (range.Start >= 0 && range.Length > 0 && range.End <= Math.Min(written, Length))
            {
                ranges.Add(range);
            }
        }

        return Merge(ranges);
    }

    private static List<ByteRange> Merge(List<ByteRange> ranges)
    {
        ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        var merged = new List<ByteRange>();
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.Start <= merged[^1].End)
            {
                merged[^1] = new ByteRange(merged[^1].Start, Math.Max(merged[^1].End, range.End));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
