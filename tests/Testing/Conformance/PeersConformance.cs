using System.Net;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>One node of a network of <see cref="PeersConformance"/>.</summary>
/// <param name="EndPoint">As which others find it.</param>
public sealed record PeerNode(IPeerLookup Lookup, IPeerStore Store, IPEndPoint EndPoint);

/// <summary>
/// What every <see cref="IPeerLookup"/> and the <see cref="IPeerStore"/> that feeds it must do. Derive from it in the plugin's tests.
/// </summary>
public abstract class PeersConformance
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000);
    private static readonly Announcement Announcement = new(ContentHash.Of(Bytes), Bytes.Length, TestContent.PiecesOf(Bytes));

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A further node of the one network under test.</summary>
    protected abstract ValueTask<PeerNode> JoinAsync();

    /// <summary>Waits until what was announced can be found; drives a virtual clock where there is one.</summary>
    protected virtual Task SettleAsync() => Task.CompletedTask;

    /// <summary>Runs a call to its end; drives a virtual clock where there is one.</summary>
    protected virtual Task<T> DriveAsync<T>(Task<T> work) => work;

    [Fact]
    public async Task Name_Always_IsOneLowerCaseWord() => Assert.Matches("^[a-z][a-z0-9-]*$", (await JoinAsync()).Lookup.Name);

    [Fact]
    public async Task Find_NobodyHasIt_EmptyAndEnds()
    {
        var node = await JoinAsync();
        await JoinAsync();

        Assert.Empty(await FindAsync(node));
    }

    [Fact]
    public async Task Find_TwoAnnounced_EachOnce()
    {
        var (reader, first, second) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        await AnnounceAsync(first);
        await AnnounceAsync(second);
        await AnnounceAsync(second); // changes nothing
        await SettleAsync();

        var found = await FindAsync(reader);

        Assert.Equal(
            new[] { first.EndPoint.ToString(), second.EndPoint.ToString() }.Order(),
            found.Select(peer => peer.EndPoint.ToString()).Order());
    }

    [Fact]
    public async Task Find_AnnouncedByItself_NotItself()
    {
        var (node, other) = (await JoinAsync(), await JoinAsync());
        await AnnounceAsync(node);
        await AnnounceAsync(other);
        await SettleAsync();

        Assert.Equal([other.EndPoint.ToString()], (await FindAsync(node)).Select(peer => peer.EndPoint.ToString()));
    }

    [Fact]
    public async Task GetPieceList_Claimed_MatchesTheClaim()
    {
        var (reader, node) = (await JoinAsync(), await JoinAsync());
        await AnnounceAsync(node);
        await SettleAsync();

        var peer = Assert.Single(await FindAsync(reader));

        if (peer.Pieces is { } claim) // a look-up need not keep lists
        {
            Assert.Equal((Announcement.Length, Announcement.Pieces!.Digest), (claim.Length, claim.Digest));
            var list = claim.List ?? await DriveAsync(reader.Lookup.GetPieceListAsync(claim, Cancellation).AsTask());
            Assert.True(list is null || list.Digest == claim.Digest);
        }
    }

    [Fact]
    public async Task GetPieceList_Unknown_Null()
    {
        var node = await JoinAsync();

        Assert.Null(
            await DriveAsync(
                node.Lookup.GetPieceListAsync(new PieceClaim(Bytes.Length, ContentHash.Of("none"u8), null), Cancellation).AsTask()));
    }

    [Fact]
    public async Task Find_Cancelled_Ends()
    {
        var node = await JoinAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var found = Array.Empty<Peer>();
        try
        {
            found = await DriveAsync(
                node.Lookup.FindAsync(Announcement.Hash, cancelled.Token).ToArrayAsync(CancellationToken.None).AsTask());
        }
        catch (OperationCanceledException)
        {
        }

        Assert.Empty(found);
    }

    [Fact]
    public async Task Withdraw_NeverAnnounced_DoesNothing()
    {
        var node = await JoinAsync();

        await node.Store.WithdrawAsync(ContentHash.Of("never"u8), Cancellation);

        Assert.Empty(await FindAsync(node));
    }

    private static async Task<bool> AnnounceCoreAsync(PeerNode node)
    {
        await node.Store.AnnounceAsync(Announcement, Cancellation);
        return true;
    }

    private Task<bool> AnnounceAsync(PeerNode node) => DriveAsync(AnnounceCoreAsync(node));

    private Task<Peer[]> FindAsync(PeerNode node) =>
        DriveAsync(node.Lookup.FindAsync(Announcement.Hash, Cancellation).ToArrayAsync(Cancellation).AsTask());
}
