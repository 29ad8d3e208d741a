using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Learning;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>
/// A copy being written while the answer comes. It becomes the copy by <see cref="MetadataKeeping.KeepAsync"/>; else disposing leaves no
/// trace. A full disk ends the draft, not the answer.
/// </summary>
internal sealed class MetadataDraft : IAsyncDisposable
{
    /// <summary>
    /// Bytes a second that an answer must make, beyond <see cref="Grace"/>. Stops one that trickles from being waited for without end; a
    /// modem is faster than the half of it.
    /// </summary>
    public const int LowestRate = 4 << 10;

    /// <summary>How long an answer may rest in all: apt waits as long for a byte.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long an answer may take in all. Stops one that makes just <see cref="LowestRate"/> from being waited for till apt has asked
    /// again and again.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly MetadataCopies _copies;
    private readonly FileStream _file;
    private readonly long _maxLength;

    internal MetadataDraft(MetadataCopies copies, Origin origin, ArchivePath path, string file, MetadataHeaders headers, long maxLength)
    {
        (_copies, Origin, Path, Headers, _maxLength) = (copies, origin, path, headers, maxLength);
        _file = new FileStream(
            file, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
    }

    public Origin Origin { get; }

    public ArchivePath Path { get; }

    public MetadataHeaders Headers { get; }

    /// <summary>It is too large, or could not be written: nothing comes of it.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Of the body so far.</summary>
    public long Length => _file.Length;

    /// <summary>All of it, once it has come; nothing if it has failed.</summary>
    public PassedFile? Passed => HasFailed ? null : new(Origin, Path, Length, Headers.LastModified, OpenBody);

    /// <summary>How long so many bytes may take that nobody but the daemon waits for.</summary>
    public static TimeSpan TimeFor(long length) =>
        Grace + TimeSpan.FromSeconds((double)length / LowestRate) is var time && time < Longest ? time : Longest;

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

    /// <summary>Takes all of an answer's body.</summary>
    /// <exception cref="HttpRequestException">It does not come, or not fast enough.</exception>
    public async Task ReadAsync(HttpResponseMessage answer, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var buffer = new byte[64 << 10];
            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            for (int count; !HasFailed && (count = await body.ReadAsync(buffer, either.Token)) > 0;)
            {
                await WriteAsync(buffer.AsMemory(0, count), either.Token);
                var left = TimeFor(Length) - time.GetElapsedTime(start);
                limit.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the answer trickles", e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    /// <summary>Opens the body so far.</summary>
    public Stream OpenBody() =>
        new FileStream(
            _file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);

    /// <summary>Opens the body so far to be sent; it stays readable when the draft is gone.</summary>
    public MetadataBody OpenFile() =>
        new(File.OpenHandle(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), new ByteRange(0, Length));

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        File.Delete(_file.Name);
    }
}
