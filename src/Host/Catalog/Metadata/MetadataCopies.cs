using System.Text;
using System.Text.Json;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>
/// The last good copy of each file that changes under its name (InRelease and its like), served when the mirror cannot be reached. One file
/// each, headers in its first line, so that a rename replaces both at once. Beside it may wait a Release whose signature has not come yet.
/// </summary>
internal sealed partial class MetadataCopies
{
    /// <summary>apt's own limit for a Release. Stops a file that never ends from filling the disk.</summary>
    public const int MaxLength = ReadingLimits.ReleaseLength;

    /// <summary>A machine has some ten. Stops a client that asks for many invented suites from filling the disk.</summary>
    public const int MaxCopies = 1000;

    /// <summary>Of all together; those of a machine have some 3 MB. Stops large ones of invented suites.</summary>
    public const long MaxBytes = 128 << 20;

    private const int MaxHeader = 16 << 10;
    private const string Extension = ".copy";
    private const string WaitingExtension = ".waiting.copy";

    private readonly string _folder;
    private readonly ILogger<MetadataCopies> _logger;
    private readonly long _maxBytes;
    private long _drafts;

    public MetadataCopies(string stateFolder, ILogger<MetadataCopies> logger, long maxBytes = MaxBytes)
    {
        (_logger, _maxBytes) = (logger, maxBytes);
        _folder = Directory.CreateDirectory(Path.Combine(stateFolder, "metadata")).FullName;
        foreach (var left in Directory.EnumerateFiles(_folder, "draft-*"))
        {
            File.Delete(left); // from a run that was killed
        }
    }

    /// <summary>
    /// Begins a copy of an answer that is coming, or <see langword="null"/> when it must not be kept: what needs a password is nobody
    /// else's.
    /// </summary>
    public MetadataDraft? Begin(Origin origin, MetadataHeaders headers, bool hasAuthorization, long maxLength = MaxLength)
    {
        if (hasAuthorization || !ArchivePath.TryParse(origin, out var path, out _))
        {
            return null;
        }

        try
        {
            return new MetadataDraft(this, origin, path, NewFile(), headers, maxLength);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotKept(path.Host, path.Path, failure.Message);
            return null;
        }
    }

    /// <summary>One name for all ways to write the address of a file that may have a copy; <see langword="null"/> for others.</summary>
    public static string? NameOf(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path) ? UrlOf(path) : null;

    /// <summary>Opens the copy of a file, if there is one.</summary>
    public MetadataCopy? Open(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path) ? Open(path) : null;

    /// <summary>
    /// Whether this is an InRelease, and what its archive was last known to have in its place is a Release with a signature beside it.
    /// </summary>
    public bool HasReleaseInstead(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _)
        && path.Name == "InRelease"
        && Has(path with { Path = path.Directory + "Release" });

    /// <inheritdoc cref="Open(Origin)"/>
    public MetadataCopy? Open(ArchivePath path) => Open(path, Extension);

    /// <summary>Whether there is a copy.</summary>
    public bool Has(ArchivePath path) => File.Exists(FileOf(UrlOf(path), Extension));

    /// <summary>Opens the Release whose signature is waited for, if there is one.</summary>
    public MetadataCopy? OpenWaiting(ArchivePath path) => Open(path, WaitingExtension);

    /// <summary>Makes a body the copy, and others go when there are too many.</summary>
    public bool Publish(ArchivePath path, MetadataHeaders headers, ReadOnlySpan<byte> body)
    {
        if (!Write(path, headers, body, Extension))
        {
            return false;
        }

        File.Delete(FileOf(UrlOf(path), WaitingExtension));
        return true;
    }

    /// <summary>Keeps a Release beside its copy until its signature has come.</summary>
    public bool KeepWaiting(ArchivePath path, MetadataHeaders headers, ReadOnlySpan<byte> body) =>
        Write(path, headers, body, WaitingExtension);

    public void Drop(ArchivePath path) => File.Delete(FileOf(UrlOf(path), Extension));

    public void DropWaiting(ArchivePath path) => File.Delete(FileOf(UrlOf(path), WaitingExtension));

    [LoggerMessage(1310, LogLevel.Warning, "No copy of {Host}{Path} is kept: {Reason}")]
    internal partial void LogNotKept(string host, string path, string reason);

    private bool Write(ArchivePath path, MetadataHeaders headers, ReadOnlySpan<byte> body, string extension)
    {
        var url = UrlOf(path);
        var draft = NewFile();
        try
        {
            using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write([
                    .. JsonSerializer.SerializeToUtf8Bytes(headers with { Url = url }, MetadataJson.Default.MetadataHeaders),
                    (byte)'\n',
                ]);
                file.Write(body);
            }

            File.Move(draft, FileOf(url, extension), overwrite: true);
            MakeRoom(FileOf(url, extension));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            LogNotKept(path.Host, path.Path, failure.Message);
            return false;
        }
    }

    /// <summary>
    /// The archive that has most gives its oldest: one that floods loses its own. Those signed by a key that is here go last.
    /// </summary>
    private void MakeRoom(string kept)
    {
        var files = new DirectoryInfo(_folder).GetFiles("*" + Extension);
        if (files.Length <= MaxCopies && files.Sum(file => file.Length) <= _maxBytes)
        {
            return; // nearly always
        }

        var copies = files.Select(file => (File: file, Headers: ReadHeaders(file))).ToList();
        var archives = copies
            .GroupBy(copy => (IsSigned: copy.Headers?.Trust == ReleaseTrust.Good, Archive: ArchiveOf(copy.Headers)))
            .ToDictionary(
                archive => archive.Key,
                archive => new Queue<FileInfo>(
                    archive.Select(copy => copy.File).Where(file => file.FullName != kept).OrderBy(file => file.LastWriteTimeUtc)));
        var (count, bytes) = (files.Length, files.Sum(file => file.Length));
        while ((count > MaxCopies * 9 / 10 || bytes > _maxBytes * 9 / 10) && archives.Values.Any(archive => archive.Count > 0))
        {
            var isCount = count > MaxCopies * 9 / 10;
            var largest = archives.Where(archive => archive.Value.Count > 0)
                .OrderBy(archive => archive.Key.IsSigned)
                .ThenByDescending(archive => isCount ? archive.Value.Count : archive.Value.Sum(file => file.Length)).First().Value;
            var oldest = largest.Dequeue();
            (count, bytes) = (count - 1, bytes - oldest.Length);
            oldest.Delete();
        }
    }

    /// <summary>Scheme, host and port; all that is damaged is of one.</summary>
    private static string ArchiveOf(MetadataHeaders? headers) =>
        headers is not null && Uri.TryCreate(headers.Url, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : "";

    private static MetadataHeaders? ReadHeaders(FileInfo file)
    {
        using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Span<byte> start = stackalloc byte[MaxHeader];
        start = start[..RandomAccess.Read(handle, start, 0)];
        return start.IndexOf((byte)'\n') is >= 0 and var end ? ReadHeaders(start[..end]) : null;
    }

    private MetadataCopy? Open(ArchivePath path, string extension)
    {
        var url = UrlOf(path);
        var name = FileOf(url, extension);
        if (!File.Exists(name))
        {
            return null;
        }

        try
        {
            var file = File.OpenHandle(name, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            Span<byte> start = stackalloc byte[MaxHeader];
            start = start[..RandomAccess.Read(file, start, 0)];
            var end = start.IndexOf((byte)'\n');
            if (end >= 0 && ReadHeaders(start[..end]) is { } headers && headers.Url == url)
            {
                return new MetadataCopy(headers, new MetadataBody(file, new ByteRange(end + 1, RandomAccess.GetLength(file))));
            }

            file.Dispose();
            LogDamaged(name);
            File.Delete(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(name, failure.Message);
        }

        return null;
    }

    private static MetadataHeaders? ReadHeaders(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MetadataJson.Default.MetadataHeaders);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string UrlOf(ArchivePath path) => $"{path.Scheme}://{path.Host}:{path.Port}{path.Path}";

    private string FileOf(string url, string extension) => Path.Combine(_folder, ContentHash.Of(Encoding.UTF8.GetBytes(url)) + extension);

    private string NewFile() => Path.Combine(_folder, $"draft-{Interlocked.Increment(ref _drafts)}");

    [LoggerMessage(1311, LogLevel.Warning, "The copy {File} is damaged and was deleted")]
    private partial void LogDamaged(string file);

    [LoggerMessage(1312, LogLevel.Warning, "The copy {File} cannot be read: {Reason}")]
    private partial void LogUnreadable(string file, string reason);
}
