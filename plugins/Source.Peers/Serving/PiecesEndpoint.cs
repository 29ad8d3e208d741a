using System.Collections.Immutable;
using AptP2P.Source.Peers.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AptP2P.Source.Peers.Serving;

/// <summary><c>GET /p2p/pieces/&lt;hex hash&gt;</c>: the piece list, and which pieces are here by now.</summary>
internal sealed class PiecesEndpoint(ISharedContents contents)
{
    public async Task AnswerAsync(HttpContext context)
    {
        await using var content = ContentHash.TryParse(context.GetRouteValue("hash") as string, out var hash)
            ? await contents.OpenAsync(hash, context.RequestAborted)
            : null;
        var pieces = content is null ? null : content.Pieces ?? SinglePiece(content, hash);
        if (pieces is null)
        {
            await Answers.MissingAsync(context);
            return;
        }

        await Answers.SendAsync(context, PieceListMessage.Write(pieces, content!.IsComplete ? null : content.HasPiece));
    }

    private static PieceList? SinglePiece(ISharedContent content, ContentHash hash) =>
        PieceList.CountFor(content.Length) == 1 ? new PieceList(content.Length, ImmutableArray.Create(hash)) : null;
}
