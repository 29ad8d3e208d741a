using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using Microsoft.Extensions.Logging.Abstractions;

namespace AptP2P.Host.Tests.Catalog;

/// <summary>Files that pass through the daemon, as the lane for them shows them to the catalog.</summary>
internal sealed class PassingFiles(CatalogUnderTest test) : IDisposable
{
    private readonly MetadataCopies _copies = new(test.Folder, NullLogger<MetadataCopies>.Instance);

    public UnprovenFiles Unproven { get; } = new(test.Database, test.Writer, test.Time);

    /// <summary>What the catalog made of the last one.</summary>
    public LearnOutcome Outcome { get; private set; }

    /// <returns>Which content it is, if it was to be proven and is what is named.</returns>
    public async Task<Content?> PassAsync(string url, byte[] body, DateTimeOffset? modified = null)
    {
        await using var draft = _copies.Begin(
            CatalogUnderTest.Origin(url), new MetadataHeaders { Date = DateTimeOffset.UnixEpoch, LastModified = modified },
            hasAuthorization: false)!;
        await draft.WriteAsync(body, CatalogUnderTest.Cancellation);
        var proven = await Unproven.ProveAsync(draft.Passed!, CatalogUnderTest.Cancellation);
        Outcome = (await test.Keeping(_copies).KeepAsync(draft, settles: false, CatalogUnderTest.Cancellation)).Learned.Outcome;
        return proven;
    }

    public void Dispose() => Unproven.Dispose();
}
