using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Signatures;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>
/// Judges what comes under a name that stays: learns from it, and makes it the copy for outages when it is at least as new as the one
/// before, whole, and signed as apt wants it where that can be known. A Release whose signature is a file of its own waits for that.
/// </summary>
internal sealed partial class MetadataKeeping(
    CatalogLearning learning, MetadataCopies copies, HeldBackReleases held, SignatureChecks signatures, TimeProvider time,
    ILogger<MetadataKeeping> logger)
{
    /// <summary>
    /// Bytes of Releases that are read at a time: each takes some four of memory meanwhile. Stops a burst of large ones from filling
    /// memory; real ones have 0.3 MB, and the largest that is taken has 10 MB.
    /// </summary>
    private const long MaxReading = 16 << 20;

    private readonly MemoryGate _reading = new(MaxReading);

    /// <summary>Takes an answer that has come whole.</summary>
    /// <param name="draft">The answer.</param>
    /// <param name="settles">
    /// Whether the archive was asked since what is known was in doubt: then what it says counts, whatever its date, unless what is known is
    /// signed as apt wants it.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<(KeepOutcome Kept, LearnResult Learned)> KeepAsync(
        MetadataDraft draft, bool settles, CancellationToken cancellationToken)
    {
        if (draft.Passed is not { } passed)
        {
            return (KeepOutcome.NotKept, new LearnResult(LearnOutcome.Failed));
        }

        var path = draft.Path;
        if (!SuitePath.IsRelease(path.Path, out var isSignature))
        {
            // the store keeps indexes
            return (KeepOutcome.NotKept, await learning.LearnPassedAsync(passed, signatures.RefusesUnsigned, cancellationToken));
        }

        using var room = await _reading.EnterAsync(draft.Length, cancellationToken);
        return await ReadAsync(draft, path, isSignature, settles, cancellationToken);
    }

    /// <summary>The same for an answer that a client waits behind: not at all where there is no room to read it now.</summary>
    /// <returns>Whether there was.</returns>
    public async Task<bool> TryKeepAsync(MetadataDraft draft, CancellationToken cancellationToken)
    {
        if (draft.HasFailed || !SuitePath.IsRelease(draft.Path.Path, out var isSignature))
        {
            await KeepAsync(draft, settles: false, cancellationToken);
            return true;
        }

        using var room = _reading.TryEnter(draft.Length);
        if (room is null)
        {
            return false;
        }

        await ReadAsync(draft, draft.Path, isSignature, settles: false, cancellationToken);
        return true;
    }

    private async Task<(KeepOutcome Kept, LearnResult Learned)> ReadAsync(
        MetadataDraft draft, ArchivePath path, bool isSignature, bool settles, CancellationToken cancellationToken)
    {
        await using var file = draft.OpenFile();
        var body = file.ReadAll();
        var headers = draft.Headers with { Sha256 = ContentHash.Of(body).ToString() };
        return isSignature ? await KeepSignatureAsync(path, headers, body, settles, cancellationToken)
            : await KeepReleaseAsync(path, headers, body, settles, cancellationToken);
    }

    /// <summary>Whether a Release is judged when its signature has come.</summary>
    public bool IsWaiting(ArchivePath release)
    {
        using var waiting = copies.OpenWaiting(release)?.Body;
        return waiting is not null;
    }

    /// <summary>The archive has no Release.gpg: what waits for it is not signed.</summary>
    public Task HasNoSignatureAsync(Origin origin, CancellationToken cancellationToken) =>
        ArchivePath.TryParse(origin, out var path, out _) ? HasNoneAsync(path, settles: false, cancellationToken) : Task.CompletedTask;

    /// <summary>The same, or, where the archive was asked since what is known was in doubt: it has no such file.</summary>
    public async Task HasNoneAsync(ArchivePath path, bool settles, CancellationToken cancellationToken)
    {
        if (!SuitePath.IsRelease(path.Path, out var isSignature))
        {
            return;
        }

        if (isSignature && IsWaiting(ReleaseOf(path)))
        {
            await JudgeAsync(ReleaseOf(path), default, settles, cancellationToken);
        }

        if (settles)
        {
            await using var copy = copies.Open(isSignature ? ReleaseOf(path) : path);
            if (copy is { Headers.Trust: not ReleaseTrust.Good })
            {
                copies.Drop(path);
            }
        }
    }

    private async Task<(KeepOutcome, LearnResult)> KeepReleaseAsync(
        ArchivePath path, MetadataHeaders headers, byte[] body, bool settles, CancellationToken cancellationToken)
    {
        var release = Release.TryRead(body);
        headers = headers with { Released = release?.Date, ValidUntil = release?.ValidUntil };
        await using var copy = copies.Open(path);
        var isSame = copy?.Headers.Sha256 == headers.Sha256;
        settles &= copy?.Headers.Trust != ReleaseTrust.Good;
        if (settles)
        {
            held.Forget(path);
        }
        else if (copy is not null && release is not null && held.IsOlder(path, copy.Headers, headers))
        {
            return (KeepOutcome.Older, new LearnResult(LearnOutcome.Unnamed));
        }

        var isDetached = !path.Path.EndsWith("/InRelease", StringComparison.Ordinal);
        if (isDetached && !isSame && release is not null && signatures.CanCheck(path))
        {
            copies.KeepWaiting(path, headers, body);
            return (KeepOutcome.NotKept, new LearnResult(LearnOutcome.Unnamed)); // its signature comes next, and settles it
        }

        var trust = isSame && copy!.Headers.Trust == ReleaseTrust.Good ? ReleaseTrust.Good
            : isDetached ? ReleaseTrust.Unknown
            : await signatures.CheckAsync(path, body, cancellationToken);
        var learned = await learning.LearnReleaseAsync(path, body, trust, settles, cancellationToken);
        var isWhole = isDetached ? body is [.., (byte)'\n'] : ClearSigned.IsWhole(body);
        var isAnother = settles && copy is not null && !isSame && learned.Outcome is LearnOutcome.Learned or LearnOutcome.Known;
        if (isAnother)
        {
            LogReplaced(path.Host, path.Path);
        }

        if (isWhole
            && MayReplace(path, learned, trust, copy, headers, settles)
            && copies.Publish(path, headers with { Trust = trust }, body))
        {
            return (KeepOutcome.Kept, learned);
        }

        if (isAnother)
        {
            copies.Drop(path);
        }

        return (KeepOutcome.NotKept, learned);
    }

    private async Task<(KeepOutcome, LearnResult)> KeepSignatureAsync(
        ArchivePath path, MetadataHeaders headers, byte[] body, bool settles, CancellationToken cancellationToken)
    {
        var release = ReleaseOf(path);
        if (held.Has(release))
        {
            // the copy of the Release was given, and this belongs to another
            return (KeepOutcome.Older, new LearnResult(LearnOutcome.Unnamed));
        }

        if (!DetachedSignature.IsOne(body))
        {
            return (KeepOutcome.NotKept, new LearnResult(LearnOutcome.Damaged));
        }

        var (trust, learned) = await JudgeAsync(release, body, settles, cancellationToken);
        return (trust != ReleaseTrust.Bad && copies.Publish(path, headers, body) ? KeepOutcome.Kept : KeepOutcome.NotKept, learned);
    }

    /// <summary>Judges the Release that waits for its signature; without one, the one that is the copy.</summary>
    private async Task<(ReleaseTrust Trust, LearnResult Learned)> JudgeAsync(
        ArchivePath release, ReadOnlyMemory<byte> signature, bool settles, CancellationToken cancellationToken)
    {
        await using var waiting = copies.OpenWaiting(release);
        await using var copy = copies.Open(release);
        if ((waiting ?? copy) is not { } judged)
        {
            return (ReleaseTrust.Unknown, new LearnResult(LearnOutcome.NoIndex));
        }

        var body = judged.Body.ReadAll();
        var trust = await signatures.CheckAsync(release, body, signature, cancellationToken);
        if (waiting is null)
        {
            return (trust, new LearnResult(LearnOutcome.NoIndex));
        }

        settles &= copy?.Headers.Trust != ReleaseTrust.Good;
        var learned = await learning.LearnReleaseAsync(release, body, trust, settles, cancellationToken);
        if (!MayReplace(release, learned, trust, copy, waiting.Headers, settles)
            || !copies.Publish(release, waiting.Headers with { Trust = trust }, body))
        {
            copies.DropWaiting(release);
        }

        return (trust, learned);
    }

    /// <summary>A Release that is good to have in an outage, and better than none or than the one before.</summary>
    private bool MayReplace(
        ArchivePath path, LearnResult learned, ReleaseTrust trust, MetadataCopy? copy, MetadataHeaders headers, bool settles) =>
        learned.Outcome is LearnOutcome.Learned or LearnOutcome.Known
        && trust != ReleaseTrust.Bad
        && (trust == ReleaseTrust.Good || copy?.Headers.Trust != ReleaseTrust.Good || !signatures.Refuses)
        && !(headers.Released is { } released && ReleaseDate.IsTooFarAhead(released, time.GetUtcNow()))
        && (settles || headers.Released is not null || copy?.Headers.Released is null)
        && (settles || trust == ReleaseTrust.Good || copy is null || !held.IsOther(path, copy.Headers, headers));

    private static ArchivePath ReleaseOf(ArchivePath signature) => signature with { Path = signature.Directory + "Release" };

    [LoggerMessage(
        1315, LogLevel.Warning,
        "{Host}{Path} was in doubt, and its archive says something else: what was known is forgotten with all that rests on it")]
    private partial void LogReplaced(string host, string path);
}
