namespace AptP2P.EndToEnd;

/// <summary>
/// Peers that agree on a lie: there are enough of them that the mirror is not asked, and their piece lists fit their bytes.
/// </summary>
public sealed class LiarTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int Liars = 4;

    [Theory]
    [InlineData("nn")] // one piece, no list
    [InlineData("uu")] // the list travels with the contact
    [InlineData("xx-big")] // the list must be asked for
    public async Task Install_PeersAgreeOnAFalseList_AptHasTheRightFile(string name)
    {
        var mirror = await StartMirrorAsync();
        // a busy machine may be slow, and the liars are to be believed at first
        var daemon = await StartDaemonAsync(
            "daemon", "--Policy:LookupBudget=10s", "--Policy:PeerStart=10s", "--Policy:CompareAfter=10s", "--Fetch:WaitForUntried=true");
        var package = Repository.Package(name);
        var liars = new List<LyingPeer>();
        for (var i = 0; i < Liars; i++)
        {
            var liar = await StartLiarAsync(package);
            await liar.AnnounceToAsync(daemon);
            liars.Add(liar);
        }

        Assert.Equal(Liars, (await daemon.StatusAsync())["dht"]!["storedContacts"]!.GetValue<int>());
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(name)).Succeeded();

        apt.AssertHas([package]);
        Assert.True(liars.Sum(liar => liar.BytesSent) > 0, "nobody believed the liars, so this shows nothing");

        // What was learned of them lasts: the next daemon to ask gets the file from us or the mirror, and we are not fooled again.
        apt.ForgetArchives();
        (await apt.DownloadAsync(name)).Succeeded();
        apt.AssertHas([package]);
    }
}
