using AptP2P.Source.Peers.Messages;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Source.Peers.Serving;

/// <summary><c>POST /p2p/have</c>: which of these contents this node can serve whole.</summary>
internal sealed class HaveEndpoint(ISharedContents contents, QuestionRates rates)
{
    private const int MaxSize = HaveMessage.MaxHashes * ContentHash.Size;

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not (>= 0 and <= MaxSize and var length))
        {
            await Answers.RefuseAsync(
                context, StatusCodes.Status413PayloadTooLarge, $"At most {HaveMessage.MaxHashes} hashes, with a Content-Length.");
            return;
        }

        if (!rates.TryTake(Answers.RequesterOf(context), (int)length / ContentHash.Size))
        {
            await Answers.TooManyAsync(context, "You ask about too much at once.");
            return;
        }

        var message = new byte[length];
        await context.Request.Body.ReadExactlyAsync(message, context.RequestAborted);
        if (HaveMessage.TryRead(message) is not { } hashes)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, $"A hash has {ContentHash.Size} bytes.");
            return;
        }

        var field = new byte[BitField.LengthFor(hashes.Length)];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (await contents.HasAsync(hashes[i], context.RequestAborted))
            {
                BitField.Set(field, i);
            }
        }

        await Answers.SendAsync(context, field);
    }
}
