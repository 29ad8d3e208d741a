using System.Net;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>
/// What every <see cref="IPeerLookup"/> must do, also one that nobody announces anything to, such as a list of peers. Derive from it in the
/// plugin's tests. One that comes with an <see cref="IPeerStore"/> has more to do: <see cref="PeersConformance"/>.
/// </summary>
public abstract class PeerLookupConformance
{
    private static readonly ContentHash Hash = ContentHash.Of("wanted"u8);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IPeerLookup Lookup { get; }

    /// <summary>Where this node itself is, which the look-up may come upon too.</summary>
    protected abstract IPEndPoint Own { get; }

    /// <summary>Makes the look-up find peers for a content.</summary>
    /// <returns>Who they are.</returns>
    protected abstract ValueTask<IReadOnlyCollection<IPEndPoint>> AppearAsync(ContentHash hash);

    [Fact]
    public void Name_Always_IsOneLowerCaseWord() => Assert.Matches("^[a-z][a-z0-9-]*$", Lookup.Name);

    [Fact]
    public async Task Find_Peers_EachOnceAndNotItself()
    {
        var peers = await AppearAsync(Hash);

        var found = await Lookup.FindAsync(Hash, Cancellation).Select(peer => peer.EndPoint).ToArrayAsync(Cancellation);

        Assert.Distinct(found);
        Assert.Subset(found.ToHashSet(), peers.ToHashSet());
        Assert.DoesNotContain(Own, found);
    }

    [Fact]
    public async Task Find_Cancelled_Ends()
    {
        await AppearAsync(Hash);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        Task search = Lookup.FindAsync(Hash, cancelled.Token).CountAsync(CancellationToken.None).AsTask();

        await search.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.Null(search.Exception); // a cancellation is none
    }

    [Fact]
    public async Task GetPieceList_Unknown_Null() =>
        Assert.Null(await Lookup.GetPieceListAsync(new PieceClaim(1_200_000, ContentHash.Of("none"u8), null), Cancellation));
}
