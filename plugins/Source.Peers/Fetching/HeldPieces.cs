using AptP2P.Source.Peers.Messages;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>Which pieces of a content a peer has, by what it last said. A peer that says nothing of them has all.</summary>
internal sealed class HeldPieces(long contentLength)
{
    private byte[]? _field;

    /// <summary>Takes note of an answer about the content.</summary>
    public void Update(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.TryGetValues(HaveHeader.Name, out var values))
        {
            Update(HaveHeader.TryRead(values.ToString(), PieceList.CountFor(contentLength)));
        }
        else if (response.IsSuccessStatusCode)
        {
            Update((byte[]?)null);
        }
    }

    public void Update(byte[]? field) => Volatile.Write(ref _field, field);

    public bool Has(ByteRange range)
    {
        if (Volatile.Read(ref _field) is not { } field)
        {
            return true;
        }

        var pieceLength = PieceList.PieceLengthFor(contentLength);
        for (var at = range.Start; at < range.End; at = ((at / pieceLength) + 1) * pieceLength)
        {
            if (!BitField.Has(field, (int)(at / pieceLength)))
            {
                return false;
            }
        }

        return true;
    }
}
