namespace AptP2P.Testing.InMemory;

/// <summary>A content under construction in an array.</summary>
public sealed class InMemoryPartial(InMemoryContentStore store, ContentHash hash, long length) : IPartialContent
{
    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[length];
    private readonly List<ByteRange> _marked = [];
    private IReadOnlyList<ByteRange> _recovered = [];
    private bool _isCommitted;

    public long Length => length;

    public IReadOnlyList<ByteRange> Recovered => _recovered;

    internal bool IsOpen { get; private set; } = true;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = (int)Math.Min(destination.Length, length - offset);
        lock (_lock)
        {
            _bytes.AsMemory((int)offset, count).CopyTo(destination);
        }

        return new(count);
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        store.Room -= bytes.Length;
        if (store.Room < 0)
        {
            throw new IOException("no space left on the device");
        }

        lock (_lock)
        {
            if (_isCommitted)
            {
                throw new InvalidOperationException($"{hash} is stored; what was hashed must not change.");
            }

            bytes.CopyTo(_bytes.AsMemory((int)offset));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _marked.Add(range);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            store.Commit(hash, _bytes, pieces);
            _isCommitted = true;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask UnmarkAllAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _marked.Clear();
            _recovered = [];
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsOpen = false;
        return ValueTask.CompletedTask;
    }

    internal InMemoryPartial Reopen()
    {
        var next = new InMemoryPartial(store, hash, length) { _recovered = Merge() };
        foreach (var range in next._recovered)
        {
            _bytes.AsSpan((int)range.Start, (int)range.Length).CopyTo(next._bytes.AsSpan((int)range.Start));
            next._marked.Add(range);
        }

        return next;
    }

    private List<ByteRange> Merge()
    {
        List<ByteRange> merged = [];
        foreach (var range in _marked.OrderBy(range => range.Start))
        {
            if (merged.Count > 0 && range.Start <= merged[^1].End)
            {
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, range.End) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
