using AptP2P.Host.Storage.Space;
using Xunit;

namespace AptP2P.Host.Tests.Storage;

/// <summary>When what is stored is looked up in the catalog.</summary>
public sealed class StorePartsTests : IDisposable
{
    private readonly StoreRig _rig = new(new QuotaOptions { KeepFree = new ByteSize(0), Quota = new ByteSize(0) });
    private readonly StoreParts _parts;
    private int _scans;

    public StorePartsTests() => _parts = new StoreParts(_rig.Store.Inventory, Scan, _rig.Time);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Refresh_NothingHasChanged_TheCatalogIsNotReadAgain()
    {
        await _rig.PutAsync(1_000, 1);
        await _parts.Refresh();
        _rig.Time.Advance(TimeSpan.FromDays(1));
        await _rig.HasAsync(await _rig.PutAsync(1_000, 1)); // the same, and used
        await _parts.Refresh();

        Assert.Equal(1, _scans);
    }

    [Fact]
    public async Task Refresh_OneHasGone_ItIsReadAgainAfterAPause()
    {
        await _rig.PutAsync(1_000, 1);
        var gone = await _rig.PutAsync(1_000, 2);
        await _parts.Refresh();
        await _rig.Store.EvictAsync(gone, TestContext.Current.CancellationToken);
        await _parts.Refresh();
        Assert.Equal((1, 2), (_scans, _parts.Read().ByKind[ContentKind.Other].Files));

        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await _parts.Refresh();
        Assert.Equal((2, 1), (_scans, _parts.Read().ByKind[ContentKind.Other].Files));
    }

    private Dictionary<ContentHash, ContentKind> Scan(IReadOnlySet<ContentHash> contents)
    {
        _scans++;
        return [];
    }
}
