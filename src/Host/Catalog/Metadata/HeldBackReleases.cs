using System.Collections.Concurrent;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>
/// Releases that an archive says in place of the copy, and that are not believed yet: an older one, or another text of the same date. What
/// it says for long enough, and never the other again, it means.
/// </summary>
internal sealed partial class HeldBackReleases(TimeProvider time, ILogger<HeldBackReleases> logger)
{
    /// <summary>
    /// An origin that says the older for this long, and never the newer, means it: it was set back, or the newer one was forged. So does
    /// one that says something else of the same date.
    /// </summary>
    private static readonly TimeSpan OlderIsMeant = TimeSpan.FromHours(1);

    /// <summary>The same where the newer one has a signature that apt would accept.</summary>
    private static readonly TimeSpan OlderThanSignedIsMeant = TimeSpan.FromDays(1);

    /// <summary>Releases that are held back. Bounds memory; a machine has some ten suites.</summary>
    private const int MaxHeld = 1_000;

    private readonly ConcurrentDictionary<ArchivePath, long> _olderSince = new();
    private readonly ConcurrentDictionary<ArchivePath, long> _otherSince = new(); // another text of the copy's date

    /// <summary>Whether an older one is held back now.</summary>
    public bool Has(ArchivePath path) => _olderSince.ContainsKey(path);

    /// <summary>The archive was asked, and what it says counts.</summary>
    public void Forget(ArchivePath path)
    {
        _olderSince.TryRemove(path, out _);
        _otherSince.TryRemove(path, out _);
    }

    /// <summary>Whether the copy is newer, and what has come is not what the archive has meant for long.</summary>
    public bool IsOlder(ArchivePath path, MetadataHeaders copy, MetadataHeaders headers)
    {
        if (!(headers.Released < copy.Released))
        {
            _olderSince.TryRemove(path, out _);
            return false;
        }

        var held = Since(_olderSince, path, out var isNew);
        if (isNew)
        {
            LogHeldBack(path.Host, path.Path, headers.Released!.Value, copy.Released!.Value);
        }

        var isMeant = held >= (copy.Trust == ReleaseTrust.Good ? OlderThanSignedIsMeant : OlderIsMeant);
        if (isMeant)
        {
            _olderSince.TryRemove(path, out _);
            LogSetBack(path.Host, path.Path, headers.Released!.Value);
        }

        return !isMeant;
    }

    /// <summary>
    /// Whether it is another text of the copy's date, and not what the archive has meant for long. Archives give what they make a date of
    /// its own, and forgers change as little as they need: so it is passed on, but does not take the copy's place.
    /// </summary>
    public bool IsOther(ArchivePath path, MetadataHeaders copy, MetadataHeaders headers)
    {
        if (headers.Released is null || headers.Released != copy.Released || headers.Sha256 == copy.Sha256)
        {
            _otherSince.TryRemove(path, out _);
            return false;
        }

        return Since(_otherSince, path, out _) < OlderIsMeant;
    }

    /// <summary>For how long something has been so, from the first call on.</summary>
    private TimeSpan Since(ConcurrentDictionary<ArchivePath, long> moments, ArchivePath path, out bool isNew)
    {
        if (moments.Count >= MaxHeld)
        {
            moments.Clear();
        }

        var now = time.GetTimestamp();
        isNew = moments.TryAdd(path, now);
        return time.GetElapsedTime(moments.GetValueOrDefault(path, now), now);
    }

    [LoggerMessage(1313, LogLevel.Information, "{Host}{Path} is of {Date:u} now, and was of {Newer:u} before: the newer one is served")]
    private partial void LogHeldBack(string host, string path, DateTimeOffset date, DateTimeOffset newer);

    [LoggerMessage(1314, LogLevel.Warning, "{Host}{Path} was of {Date:u} for so long that it is believed, though there was a newer one")]
    private partial void LogSetBack(string host, string path, DateTimeOffset date);
}
