using System.Text;
using System.Text.Json;
using AptP2P.Host.Apt;

namespace AptP2P.Host.Catalog;

/// <summary>
/// The last good copy of each file that changes under its name (InRelease and its like), served when the mirror cannot be reached. One file
/// each, headers in its first line, so that a rename replaces both at once.
/// </summary>
internal sealed partial class MetadataCopies
{
    /// <summary>apt's own limit for a Release. Stops a file that never ends from filling the disk.</summary>
    public const int MaxLength = IndexLimits.ReleaseLength;

    /// <summary>A machine has some ten. Stops a client that asks for many invented suites from filling the disk.</summary>
    public const int MaxCopies = 1000;

    private const int MaxHeader = 16 << 10;

    private readonly string _folder;
    private readonly ILogger<MetadataCopies> _logger;
    private long _drafts;

    public MetadataCopies(string stateFolder, ILogger<MetadataCopies> logger)
    {
        _logger = logger;
        _folder = Directory.CreateDirectory(Path.Combine(stateFolder, "metadata")).FullName;
        foreach (var left in Directory.EnumerateFiles(_folder, "draft-*"))
        {
            File.Delete(left); // from a run that was killed
        }
    }

    /// <summary>Begins a copy of an answer that is passing, or <see langword="null"/> when it must not be kept: what needs a password is nobody else's.</summary>
    public MetadataDraft? Begin(Origin origin, MetadataHeaders headers, bool hasAuthorization, long maxLength = MaxLength)
    {
        if (hasAuthorization || !ArchivePath.TryParse(origin, out var path, out _))
        {
            return null;
        }

        try
        {
            var url = UrlOf(path);
            var header = JsonSerializer.SerializeToUtf8Bytes(headers with { Url = url }, MetadataJson.Default.MetadataHeaders);
            var draft = Path.Combine(_folder, $"draft-{Interlocked.Increment(ref _drafts)}");
            return new MetadataDraft(this, origin, path, draft, FileOf(url), headers, [.. header, (byte)'\n'], maxLength);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotKept(path.Host, path.Path, failure.Message);
            return null;
        }
    }

    /// <summary>Opens the copy of a file, if there is one.</summary>
    public MetadataCopy? Open(Origin origin)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _) || FileOf(UrlOf(path)) is var name && !File.Exists(name))
        {
            return null;
        }

        try
        {
            var file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            if (ReadHeaders(file) is { } headers && headers.Url == UrlOf(path))
            {
                return new MetadataCopy(headers, file);
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

    /// <summary>Makes a draft the copy, and the oldest copy go when there are too many.</summary>
    internal void Publish(string draft, string copy)
    {
        File.Move(draft, copy, overwrite: true);
        var copies = new DirectoryInfo(_folder).GetFiles("*.copy");
        if (copies.Length > MaxCopies)
        {
            copies.MinBy(file => file.LastWriteTimeUtc)!.Delete();
        }
    }

    [LoggerMessage(1310, LogLevel.Warning, "No copy of {Host}{Path} is kept: {Reason}")]
    internal partial void LogNotKept(string host, string path, string reason);

    private static string UrlOf(ArchivePath path) => $"{path.Scheme}://{path.Host}:{path.Port}{path.Path}";

    private static MetadataHeaders? ReadHeaders(FileStream file)
    {
        Span<byte> start = stackalloc byte[MaxHeader];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var end = start.IndexOf((byte)'\n');
        try
        {
            file.Position = end + 1;
            return end < 0 ? null : JsonSerializer.Deserialize(start[..end], MetadataJson.Default.MetadataHeaders);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string FileOf(string url) => Path.Combine(_folder, ContentHash.Of(Encoding.UTF8.GetBytes(url)) + ".copy");

    [LoggerMessage(1311, LogLevel.Warning, "The copy {File} is damaged and was deleted")]
    private partial void LogDamaged(string file);

    [LoggerMessage(1312, LogLevel.Warning, "The copy {File} cannot be read: {Reason}")]
    private partial void LogUnreadable(string file, string reason);
}
