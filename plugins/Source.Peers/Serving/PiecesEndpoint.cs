using System.Collections.Immutable;
using AptP2P.Source.Peers.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AptP2P.Source.Peers.Serving;

/// <summary><c>GET /p2p/pieces/&lt;hex hash&gt;</c>: the piece list, and how far this node is itself.</summary>
internal sealed class PiecesEndpoint(ISharedContents contents)
{
    public async Task AnswerAsync(HttpContext context)
    {
        await using var content = ContentHash.TryParse(context.GetRouteValue("hash") as string, out var hash)
            ? await contents.OpenAsync(hash, context.RequestAborted)
            : null;
        var pieces = content is null ? null : content.Pieces ?? SinglePiece(content, hash);
        var progress = content?.Progress;
        if (content is null || (pieces is null && progress is null))
        {
            await Answers.MissingAsync(context);
            return;
        }

        await Answers.SendAsync(context, PieceListMessage.Write(content.Length, pieces, progress));
    }

    private static PieceList? SinglePiece(ISharedContent content, ContentHash hash) =>
        PieceList.CountFor(content.Length) == 1 ? new PieceList(content.Length, ImmutableArray.Create(hash)) : null;
}
