using System.Net;
using AptP2P.Source.Peers.Memory;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>A content at one peer. What it turns out to be worth is remembered for the contents that follow.</summary>
/// <param name="peer">Where it is, and what it claims.</param>
/// <param name="lookup">Who found it; <see langword="null"/> when it was known.</param>
internal sealed class PeerChannel(
    Peer peer, IPeerLookup? lookup, Content content, ChannelDistance distance, PeerClient client, Reputation reputation) : IChannel
{
    private readonly IPEndPoint _endPoint = peer.EndPoint;
    private readonly HeldPieces _held = new(content.Length);
    private bool _blamed;

    public string Name => _endPoint.ToString();

    public ChannelDistance Distance => distance;

    public FetchProgress? Progress => _held.Progress;

    public async ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        if (peer.Pieces is not { } claim)
        {
            return await AskForListAsync(cancellationToken);
        }

        var list = claim.List;
        if (list is null && lookup is not null)
        {
            list = await lookup.GetPieceListAsync(claim, cancellationToken);
        }

        list ??= await AskForListAsync(cancellationToken);
        return list is not null && list.Length == content.Length && list.Digest == claim.Digest ? list : null;
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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
