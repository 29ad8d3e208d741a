using System.Net;
using AptP2P.Source.Peers.Reputation;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>A content at one peer. How the peer behaves is remembered for the contents that follow.</summary>
/// <param name="peer">Where it is, and what it claims.</param>
/// <param name="lookup">Who found it; <see langword="null"/> when it was known.</param>
internal sealed class PeerChannel(
    Peer peer, IPeerLookup? lookup, Content content, ChannelDistance distance, PeerClient client, PeerReputation reputation) : IChannel
{
    private readonly IPEndPoint _endPoint = peer.EndPoint;
    private readonly HeldPieces _held = new(content.Length) { TakesPassed = reputation.TakesPassed(peer.EndPoint) };
    private bool _blamed;
    private bool _wasTold; // what a look-up says of its pieces

    public string Name => _endPoint.ToString();

    public ChannelDistance Distance => distance;

    public FetchProgress? Progress => _held.Progress;

    public string Party { get; } = reputation.PartyOf(peer.EndPoint).ToString();

    public bool IsPieceListItsOwn { get; private set; }

    /// <summary>
    /// First what a look-up told, since it costs nothing. When asked again, or where the look-up has no list, what the peer itself says.
    /// </summary>
    public async ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        var told = _wasTold || peer.Pieces is not { } claim ? null : await FindAsync(claim, cancellationToken);
        _wasTold = true;
        IsPieceListItsOwn = told is null;
        return told ?? await AskForListAsync(cancellationToken);
    }

    public bool MayHave(ByteRange range) => _held.Has(range);

    public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
    {
        if (range.Length == 0)
        {
            return ChannelResult.Complete;
        }

        var result = await client.ReadAsync(_endPoint, content, _held, range, sink, cancellationToken);
        switch (result.Outcome)
        {
            case ChannelOutcome.Complete when !Volatile.Read(ref _blamed):
                reputation.WasGood(_endPoint);
                break;
            case ChannelOutcome.Refused or ChannelOutcome.Timeout:
                reputation.WasAbsent(_endPoint);
                break;
        }

        return result;
    }

    public void Blame(string reason)
    {
        Volatile.Write(ref _blamed, true);
        reputation.WasWrong(_endPoint, reason);
    }

    public void Doubt(string reason)
    {
        _held.TakesPassed = false;
        reputation.PassedOnWrong(_endPoint, reason);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The list that a claim stands for; nothing where it is of another file.</summary>
    private async ValueTask<PieceList?> FindAsync(PieceClaim claim, CancellationToken cancellationToken)
    {
        var list = claim.List ?? (lookup is null ? null : await lookup.GetPieceListAsync(claim, cancellationToken));
        return list is not null && list.Length == content.Length && list.Digest == claim.Digest ? list : null;
    }

    private async Task<PieceList?> AskForListAsync(CancellationToken cancellationToken)
    {
        var asked = client.Now;
        try
        {
            return await client.GetPiecesAsync(_endPoint, content, _held, cancellationToken);
        }
        catch (OperationCanceledException) when (client.HadFairTrial(asked))
        {
            reputation.WasAbsent(_endPoint); // the fetch has ended without it, and the next one should not wait for it as well
            throw;
        }
    }
}
