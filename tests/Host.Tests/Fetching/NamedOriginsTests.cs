using AptP2P.Host.Fetching;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Storage.Space;
using AptP2P.Host.Tests.Storage;
using AptP2P.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

public sealed class NamedOriginsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://one.test/debian/a.deb", "http://one.test/debian/a.deb", true)]
    [InlineData("http://one.test/debian/a.deb", "http://two.test/pub/debian/a.deb", true)] // the operator says that they are one archive
    [InlineData("http://one.test/debian/a.deb", "http://two.test/other/a.deb", false)]
    [InlineData("http://one.test/debian/a.deb", "http://one.test/debian/b.deb", false)]
    [InlineData("http://three.test/~a/x.deb", "http://three.test/~b/x.deb", false)] // two archives of one host
    [InlineData("http://three.test/x.deb", "https://three.test/x.deb", false)]
    [InlineData("https://three.test/x.deb", "http://three.test/x.deb", true)]
    public void AreShared_TwoNames_WhereTheyAreOfOneArchive(string fetched, string wanted, bool shared)
    {
        var mirrors = MirrorList();
        var named = new NamedOrigins(mirrors);

        Assert.Equal(shared, named.AreShared(Content(fetched), Content(wanted)));

        Content Content(string address) => new(ContentHash.Of([1]), 1, mirrors.Of(Origin(address)));
    }

    [Theory]
    [InlineData("http://one.test/a", "http://one.test/a", true, false)]
    [InlineData("http://one.test/a", "http://two.test/a", false, false)]
    [InlineData("http://one.test/a", "https://one.test/a", false, false)]
    [InlineData("https://one.test/a", "http://one.test/a", true, false)]
    [InlineData("http://one.test/a", "http://one.test/a", true, true)]
    [InlineData("http://one.test/a", "http://two.test/a", false, true)]
    public async Task Claim_WhatAnEarlierFetchLeft_IsGoneOnWithByTheSameArchiveOnly(string left, string wanted, bool goesOn, bool crashed)
    {
        using var rig = new StoreRig(new QuotaOptions { KeepFree = new ByteSize(0) });
        var named = new NamedOrigins(MirrorList());
        var bytes = TestContent.Bytes(100);
        var crash = rig.Paths.Marks(ContentHash.Of(bytes)) + ".crash";
        async Task<IReadOnlyList<ByteRange>> RunAsync(string address)
        {
            await using var partial = await rig.Store.BeginAsync(ContentHash.Of(bytes), bytes.Length, Cancellation);
            await named.ClaimAsync(partial, new Content(ContentHash.Of(bytes), bytes.Length, [Origin(address)]), Cancellation);
            var recovered = partial.Recovered;
            await partial.WriteAsync(0, bytes.AsMemory(0, 50), Cancellation);
            await partial.MarkAsync(new ByteRange(0, 50), Cancellation);
            if (crashed)
            {
                File.Copy(rig.Paths.Marks(ContentHash.Of(bytes)), crash, overwrite: true); // as they are before anything is put in order
            }

            return recovered;
        }

        Assert.Empty(await RunAsync(left));
        if (crashed)
        {
            File.Move(crash, rig.Paths.Marks(ContentHash.Of(bytes)), overwrite: true);
        }

        Assert.Equal(goesOn ? [new ByteRange(0, 50)] : [], await RunAsync(wanted));
    }

    private static MirrorList MirrorList()
    {
        var options = Options.Create(new FailoverOptions { Mirrors = [MirrorGroup.Parse("one.test/debian two.test/pub/debian", null)] });
        return new MirrorList(options, new OriginHealth(options, new VirtualTime()));
    }

    private static Origin Origin(string address)
    {
        var uri = new Uri(address);
        return new Origin(uri.Scheme, uri.Host, uri.Port, uri.AbsolutePath, OriginReach.Local);
    }
}
