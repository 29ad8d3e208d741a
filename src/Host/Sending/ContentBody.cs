using AptP2P.Host.Storage.Files;


namespace AptP2P.Host.Sending;

/// <summary>The body of an answer, taken from a content: by the kernel alone where the content is a file, else through memory.</summary>
/// <param name="context">Whose answer.</param>
/// <param name="sent">Is told as bytes leave, how many.</param>
internal sealed class ContentBody(HttpContext context, Action<long>? sent = null)
{
    private const int ReadSize = 256 << 10; // with smaller reads a large file is slower, with larger ones no faster

    private readonly SocketOutput? _output = context.Features.Get<SocketOutput>();

    /// <summary>Sends a part of a content.</summary>
    /// <returns>Whether all of it was sent. If not, the answer ends early, and the client sees that.</returns>
    public async ValueTask<bool> SendAsync(IReadableContent content, ByteRange part)
    {
        await context.Response.StartAsync(context.RequestAborted); // the headers are bytes, and what is attached comes behind them
        var file = (content as IFileContent)?.File;
        if (_output is null || file is null)
        {
            return await CopyAsync(content, part);
        }

        _output.Attach(file, part.Start);
        try
        {
            return await CopyAsync(content, part);
        }
        finally
        {
            _output.Detach();
        }
    }

    private async ValueTask<bool> CopyAsync(IReadableContent content, ByteRange part)
    {
        var writer = context.Response.BodyWriter;
        for (var position = part.Start; position < part.End;)
        {
            var memory = writer.GetMemory((int)Math.Min(ReadSize, part.End - position));
            memory = memory[..(int)Math.Min(memory.Length, part.End - position)];
            var count =
                _output?.IsWindow(memory) == true ? memory.Length : await content.ReadAsync(position, memory, context.RequestAborted);
            if (count == 0)
            {
                return false; // shorter than it was
            }

            writer.Advance(count);
            position += count;
            var flushed = await writer.FlushAsync(context.RequestAborted);
            sent?.Invoke(count);
            if (flushed.IsCompleted)
            {
                return false;
            }
        }

        return true;
    }
}
