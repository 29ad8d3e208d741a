using AptP2P.Host.Proxy.Indexes;
using AptP2P.Host.Tests.Catalog;
using Microsoft.Extensions.Options;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Indexes;

/// <summary>Who waits for what is still to be read, and who does not.</summary>
public sealed class IdentificationTests : IDisposable
{
    private static readonly byte[] Old = Packages(("pool/a.deb", Hash("old"), 1));
    private static readonly byte[] New = Packages(("pool/a.deb", Hash("new"), 1));

    private readonly CatalogUnderTest _test = new();
    private readonly IndexBacklog _backlog;
    private readonly Identification _identification;

    public IdentificationTests()
    {
        _backlog = new IndexBacklog(Options.Create(new IndexOptions()), _test.Time);
        _identification = new Identification(_test.Catalog, _backlog);
    }

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task IdentifyAsync_ByHashWhileItsReleaseIsLearned_IsKnownThen()
    {
        var passing = _backlog.Passing(Origin(Suite + "InRelease"));
        var waiting = IdentifyAsync(ByHash(New));
        Assert.False(waiting.IsCompleted);
        await LearnReleaseAsync(New);
        passing.Dispose();
        Assert.Equal(ContentHash.Of(New), await waiting);
    }

    [Fact]
    public async Task IdentifyAsync_PlainNameWhileANewerReleaseIsLearned_IsWhatThatNames()
    {
        await LearnReleaseAsync(Old);
        var passing = _backlog.Passing(Origin(Suite + "InRelease"));
        var waiting = IdentifyAsync(Suite + IndexName);
        Assert.False(waiting.IsCompleted);
        // nothing is begun ahead of its turn that may be the wrong one
        Assert.Null(_identification.IdentifyAhead(Origin(Suite + IndexName)));
        await LearnReleaseAsync(New);
        passing.Dispose();
        Assert.Equal(ContentHash.Of(New), await waiting);
        Assert.Equal(ContentHash.Of(New), _identification.IdentifyAhead(Origin(Suite + IndexName))?.Hash);
    }

    [Fact]
    public async Task IdentifyAsync_PlainNameWhileTheNewerReleaseOfAClientIsFetched_IsWhatThatNames()
    {
        await LearnReleaseAsync(Old);
        var fetched = new TaskCompletionSource();
        _backlog.Until(fetched.Task, Origin(Suite + "InRelease"));
        var waiting = IdentifyAsync(Suite + IndexName);
        await LearnReleaseAsync(New);
        Assert.False(waiting.IsCompleted);
        fetched.SetResult();
        Assert.Equal(ContentHash.Of(New), await waiting);
        Assert.True(_backlog.Unread(Origin(Suite)).IsEmpty);
    }

    [Fact]
    public async Task IdentifyAsync_IndexIsStillRead_OnlyUnknownPackagesWait()
    {
        await _test.LearnAsync(Suite, IndexName, Old);
        using var passing = _backlog.Passing(Origin(Suite + "main/source/Sources"));
        Assert.Equal(Hash("old"), await Now(IdentifyAsync("http://deb.example/debian/pool/a.deb")));
        Assert.Equal(ContentHash.Of(Old), await Now(IdentifyAsync(Suite + IndexName)));
        Assert.Null(await Now(IdentifyAsync(ByHash(New)))); // no index names an index
        Assert.Null(await Now(IdentifyAsync(Suite + "InRelease")));

        var waiting = IdentifyAsync("http://deb.example/debian/pool/b.deb");
        Assert.False(waiting.IsCompleted);
        _test.Time.Advance(new IndexOptions().IndexWait);
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task IdentifyAsync_KnownPackageWhileAReleaseIsLearned_DoesNotWait()
    {
        await _test.LearnAsync(Suite, IndexName, Old);
        using var passing = _backlog.Passing(Origin(Suite + "InRelease"));
        Assert.Equal(Hash("old"), await Now(IdentifyAsync("http://deb.example/debian/pool/a.deb")));
    }

    private static string ByHash(byte[] index) => $"{Suite}main/binary-amd64/by-hash/SHA256/{ContentHash.Of(index)}";

    private static Task<ContentHash?> Now(Task<ContentHash?> task)
    {
        Assert.True(task.IsCompleted);
        return task;
    }

    private async Task<ContentHash?> IdentifyAsync(string url) => (await _identification.IdentifyAsync(Origin(url), Cancellation))?.Hash;

    private Task<AptP2P.Host.Catalog.Learning.LearnResult> LearnReleaseAsync(byte[] index) =>
        _test.Learning.LearnReleaseAsync(Origin(Suite + "InRelease"), Release((IndexName, index)), Cancellation);
}
