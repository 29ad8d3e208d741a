using System.Collections.Immutable;
using AptP2P.Source.Peers.Messages;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// The pieces of an unfinished content that a requester is offered, at one moment. What the answer says of them and what it gives must be
/// the same, since this node vouches for some of them, and not for others.
/// </summary>
/// <param name="Has">Those that are here on this node's own word.</param>
/// <param name="Passes">Those that only a peer vouches for; nothing where the requester does not take such.</param>
/// <param name="PieceLength">Bytes in each.</param>
internal sealed record OfferedPieces(ImmutableArray<bool> Has, ImmutableArray<bool>? Passes, int PieceLength)
{
    public static OfferedPieces To(HttpRequest request, ISharedContent content)
    {
        var pieces = Enumerable.Range(0, PieceList.CountFor(content.Length));
        // before the others: one that turns good meanwhile is among those
        bool[]? passed = request.Headers[HaveHeader.Passing] == HaveHeader.Yes ? [.. pieces.Select(content.PassesPiece)] : null;
        ImmutableArray<bool> has = [.. pieces.Select(content.HasPiece)];
        return new OfferedPieces(
            has, passed is null ? null : [.. pieces.Select(piece => passed[piece] && !has[piece])],
            PieceList.PieceLengthFor(content.Length));
    }

    public void WriteTo(HttpResponse response)
    {
        Write(response, HaveHeader.Name, Has);
        if (Passes is { } passes && passes.Contains(true))
        {
            Write(response, HaveHeader.Passing, passes);
        }
    }

    public bool Cover(ByteRange bytes)
    {
        for (var piece = (int)(bytes.Start / PieceLength); (long)piece * PieceLength < bytes.End; piece++)
        {
            if (!Has[piece] && Passes?[piece] != true)
            {
                return false;
            }
        }

        return true;
    }

    private static void Write(HttpResponse response, string name, ImmutableArray<bool> flags)
    {
        if (HaveHeader.Write(flags.Length, piece => flags[piece]) is { } value)
        {
            response.Headers[name] = value;
        }
    }
}
