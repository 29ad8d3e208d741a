using AptP2P.Source.Peers.Messages;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>Which pieces of a content a peer has, by what it last said. A peer that says nothing of them has all.</summary>
internal sealed class HeldPieces(long contentLength)
{
    private FetchProgress? _progress;

    /// <summary>What the peer said of its own fetch, if it is not done with it.</summary>
    public FetchProgress? Progress => Volatile.Read(ref _progress);

    /// <summary>Takes note of an answer about the content.</summary>
    public void Update(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.TryGetValues(HaveHeader.Name, out var values))
        {
            var count = PieceList.CountFor(contentLength);
            if (HaveHeader.TryRead(values.ToString(), count) is { } field)
            {
                var has = BitField.ToFlags(field, count);
                Update(Progress is { } before ? before with { Has = has } : new FetchProgress(Node: 0, has, [.. new bool[count]]));
            }
        }
        else if (response.IsSuccessStatusCode)
        {
            Update((FetchProgress?)null);
        }
    }

    public void Update(FetchProgress? progress) => Volatile.Write(ref _progress, progress);

    public bool Has(ByteRange range) => Progress is not { } progress || progress.Covers(range, PieceList.PieceLengthFor(contentLength));
}
