using AptP2P.Host.Apt;

namespace AptP2P.Host.Catalog;

/// <summary>
/// A copy being written while the answer passes. It becomes the copy by <see cref="ArchiveCatalog.KeepAsync"/>; else disposing leaves no trace.
/// A full disk ends the draft, not the answer.
/// </summary>
internal sealed class MetadataDraft : IAsyncDisposable
{
    private readonly MetadataCopies _copies;
    private readonly FileStream _file;
    private readonly string _target;
    private readonly int _headerLength;
    private readonly long _maxLength;
    private bool _isPublished;

    internal MetadataDraft(MetadataCopies copies, Origin origin, ArchivePath path, string file, string target, MetadataHeaders headers, byte[] header, long maxLength)
    {
        (_copies, Origin, Path, Headers, _target, _headerLength, _maxLength) = (copies, origin, path, headers, target, header.Length, maxLength);
        _file = new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        _file.Write(header);
    }

    public Origin Origin { get; }

    public ArchivePath Path { get; }

    public MetadataHeaders Headers { get; }

    /// <summary>It is too large, or could not be written: nothing comes of it.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Of the body so far.</summary>
    public long Length => _file.Length - _headerLength;

    /// <summary>Takes the next bytes of the body.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (HasFailed || Length + bytes.Length > _maxLength)
        {
            HasFailed = true;
            return;
        }

        try
        {
            await _file.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            HasFailed = true;
            _copies.LogNotKept(Path.Host, Path.Path, failure.Message);
        }
    }

    /// <summary>The body so far.</summary>
    internal async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var body = new byte[Length];
        _file.Position = _headerLength;
        await _file.ReadExactlyAsync(body, cancellationToken);
        return body;
    }

    /// <summary>Opens the body so far.</summary>
    public Stream OpenBody() => new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous) { Position = _headerLength };

    /// <summary>Makes it the copy.</summary>
    internal bool Publish()
    {
        try
        {
            _copies.Publish(_file.Name, _target);
            return _isPublished = true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _copies.LogNotKept(Path.Host, Path.Path, failure.Message);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (!_isPublished)
        {
            File.Delete(_file.Name);
        }
    }
}
