using AptP2P.Host.Sharing;
using AptP2P.Host.Tests.Catalog;
using Xunit;
using static AptP2P.Host.Tests.Sharing.SharingRig;

namespace AptP2P.Host.Tests.Sharing;

/// <summary>What is private stays so, in answers and in questions.</summary>
public sealed class PrivateArchivesTests : IDisposable
{
    private readonly SharingRig _rig = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Review_AnArchiveHasBecomePrivateOrPublic_WithdrawnOrAnnounced()
    {
        await _rig.LearnAsync();
        await _rig.KnowAsync();
        var hash = _rig.Fetches.Store.Put(Public);
        var (announcer, contents) = _rig.Make(share: true, "", "");
        await announcer.ReviewAsync(Cancellation);
        Assert.Equal([hash], _rig.Announced.Hashes);

        await _rig.KnowAsync(debian: "10.0.0.7");
        await announcer.ReviewAsync(Cancellation);
        Assert.Empty(_rig.Announced.Hashes);
        Assert.False(await contents.HasAsync(hash, Cancellation));
        Assert.Null(await contents.OpenAsync(hash, Cancellation));

        await _rig.KnowAsync();
        await announcer.ReviewAsync(Cancellation);
        Assert.Equal([hash], _rig.Announced.Hashes);
        Assert.True(await contents.HasAsync(hash, Cancellation));
    }

    [Fact]
    public async Task Run_AnArchiveBecomesPrivate_WithdrawnAtOnce()
    {
        await _rig.LearnAsync();
        await _rig.KnowAsync();
        var hash = _rig.Fetches.Store.Put(Public);
        var (announcer, _) = _rig.Make(share: true, "", "");
        await announcer.StartAsync(Cancellation);
        await announcer.StartedAsync(Cancellation);
        await _rig.Announced.Told.WaitAsync(Cancellation);
        Assert.Equal([hash], _rig.Announced.Hashes);

        await _rig.KnowAsync(debian: "10.0.0.7");
        await _rig.Announced.Told.WaitAsync(Cancellation);

        Assert.Empty(_rig.Announced.Hashes);
        await announcer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Review_AfterAStartWithOtherRules_WhatAPeerStoreRemembersIsWithdrawn()
    {
        await _rig.LearnAsync();
        await _rig.KnowAsync();
        var hash = _rig.Fetches.Store.Put(Secret);
        _rig.Announced.Hashes.Add(hash);

        await _rig.Make(share: true, "", "").Announcer.ReviewAsync(Cancellation);
        Assert.Empty(_rig.Announced.Hashes);

        _rig.Announced.Hashes.Add(hash);
        await _rig.Make(share: false, "*", "").Announcer.ReviewAsync(Cancellation);
        Assert.Empty(_rig.Announced.Hashes);
    }

    [Theory]
    [InlineData("", "", "http://ftp.us.debian.org/debian/pool/public.deb", true)]
    [InlineData("", "", "http://secret.example:81/pool/secret.deb", false)]
    [InlineData("", "", "http://127.0.0.1:8000/pool/a.deb", false)]
    [InlineData("", "", "http://192.168.1.5/debian/pool/a.deb", false)]
    [InlineData("", "", "http://151.101.2.132/debian/pool/a.deb", true)]
    [InlineData("", "", "https://ftp.us.debian.org/priv/0a81fdc0ae50cb28b539adc9bc131e69/pool/a.deb", false)]
    [InlineData("", "", "https://ftp.us.debian.org/corp/pool/a.deb", false)] // with a password
    [InlineData("", "", "https://never-asked.example/pool/a.deb", false)]
    [InlineData("", "ftp.us.debian.org", "http://ftp.us.debian.org/debian/pool/public.deb", false)]
    [InlineData("*.debian.org", "", "http://other.example/a.deb", false)]
    [InlineData("public,secret.example", "", "http://secret.example:81/pool/secret.deb", true)]
    [InlineData("*", "", "https://never-asked.example/pool/a.deb", true)]
    [InlineData("ftp.us.debian.org/corp", "", "https://ftp.us.debian.org/corp/pool/a.deb", true)]
    public async Task MayAskPeers_ByTheSameRules(string archives, string except, string url, bool mayAsk)
    {
        await _rig.KnowAsync();
        _rig.Sightings.AskedWithPassword(CatalogUnderTest.Origin("https://ftp.us.debian.org/corp/dists/x/InRelease"));
        _rig.Make(share: true, archives, except);

        Assert.Equal(mayAsk, _rig.Shares.MayAskPeers(From(url)));

        _rig.Make(share: false, archives, except);
        Assert.False(_rig.Shares.MayAskPeers(From(url)));
    }

    [Fact]
    public async Task MayAskPeers_AlsoInAPublicArchive_Yes()
    {
        await _rig.KnowAsync();
        _rig.Make(share: true, "", "");

        Assert.True(
            _rig.Shares.MayAskPeers(From("http://secret.example:81/pool/both.deb", "http://ftp.us.debian.org/debian/pool/both.deb")));
    }

    [Fact]
    public async Task MayAskPeers_PrivateArchives_SaidOnceWithWhatToSetAndWithoutTheirSecrets()
    {
        await _rig.KnowAsync();
        _rig.Make(share: true, "", "");

        foreach (var file in (string[])["a.deb", "b.deb"])
        {
            _rig.Shares.MayAskPeers(From($"http://secret.example:81/pool/{file}"));
            _rig.Shares.MayAskPeers(From($"https://ftp.us.debian.org/priv/0a81fdc0ae50cb28b539adc9bc131e69/pool/{file}"));
            _rig.Shares.MayAskPeers(From($"http://ftp.us.debian.org/debian/pool/{file}"));
        }

        Assert.Equal(
            [
                "secret.example:81 is not shared, and peers are not asked for its files: its address is of a private network. If its "
                + "files are for everybody, list it: [Sharing] Archives = public, secret.example:81",
                "ftp.us.debian.org/priv/* is not shared, and peers are not asked for its files: it is for those with a token or "
                + "contract. If its files are for everybody, list it: [Sharing] Archives = public, ftp.us.debian.org/priv/*",
            ],
            _rig.Log.Texts);
        var shown = (StatusValue)
            (await new SharingStatus(_rig.Rules, _rig.Withheld).ReadAsync(Cancellation)).Single(item => item.Key == "withheld");
        Assert.Equal(
            "ftp.us.debian.org/priv/* (it is for those with a token or contract), secret.example:81 (its address is of a private network)",
            shown.Value);

        await _rig.KnowAsync(secret: "151.101.66.132"); // it has moved
        Assert.Single(_rig.Withheld.All);
    }
}
