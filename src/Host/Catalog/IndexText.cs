using System.IO.Pipelines;
using System.Security.Cryptography;
using AptP2P.Host.Apt;
using AptP2P.Host.Catalog.Decompression;

namespace AptP2P.Host.Catalog;

/// <summary>Decompresses and reads an index at the same time, on two threads: decompression alone takes most of the time.</summary>
internal static class IndexText
{
    /// <summary>What may be decompressed ahead of the reading.</summary>
    private const int Ahead = 1 << 20;

    private const int ChunkLength = 64 << 10;

    /// <summary>Reads the whole of <paramref name="source"/>, which is disposed, into the sink.</summary>
    /// <param name="source">The index, compressed or not.</param>
    /// <param name="expected">What the text must hash to, where the compressed bytes were not verified.</param>
    /// <param name="sink">Takes the entries.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LearnResult> ReadAsync(Stream source, ContentHash? expected, IndexEntrySink sink, CancellationToken cancellationToken)
    {
        await using var owned = source;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, minimumSegmentSize: ChunkLength, useSynchronizationContext: false));
        var decompression = Task.Run(() => DecompressAsync(source, pipe.Writer, cancellationToken), cancellationToken);
        var reader = new IndexReader(sink);
        using var hash = expected is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await ReadAsync(pipe.Reader, reader, hash, cancellationToken);
        }
        catch (InvalidDataException damage)
        {
            return new LearnResult(LearnOutcome.Damaged, 0, damage.Message);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await decompression;
        }

        return reader.Outcome switch
        {
            IndexOutcome.Complete when hash is not null && expected != new ContentHash(hash.GetHashAndReset()) =>
                new LearnResult(LearnOutcome.Unnamed),
            IndexOutcome.Complete => new LearnResult(LearnOutcome.Learned, reader.Entries),
            IndexOutcome.NamesNoFiles => new LearnResult(LearnOutcome.NoIndex),
            IndexOutcome.Garbage => new LearnResult(LearnOutcome.Damaged, 0, "a line that is not deb822"),
            _ => new LearnResult(LearnOutcome.TooLarge, 0, "longer lines, stanzas or lists than real ones have"),
        };
    }

    private static async Task ReadAsync(PipeReader text, IndexReader reader, IncrementalHash? hash, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await text.ReadAsync(cancellationToken);
            foreach (var chunk in read.Buffer)
            {
                hash?.AppendData(chunk.Span);
                if (!reader.Push(chunk.Span))
                {
                    return;
                }
            }

            text.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                reader.Complete();
                return;
            }
        }
    }

    /// <summary>Its failure goes to the reader through the pipe.</summary>
    private static async Task DecompressAsync(Stream source, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var text = await CompressedFile.OpenAsync(source, cancellationToken);
            for (long total = 0; ;)
            {
                var count = await text.ReadAsync(writer.GetMemory(ChunkLength), cancellationToken);
                total += count;
                if (total > IndexLimits.Decompressed)
                {
                    throw new InvalidDataException($"it decompresses to more than {IndexLimits.Decompressed} bytes");
                }

                writer.Advance(count);
                if (count == 0 || (await writer.FlushAsync(cancellationToken)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or DllNotFoundException)
        {
            failure = exception as InvalidDataException ?? new InvalidDataException(exception.Message, exception);
        }
        catch (OperationCanceledException canceled)
        {
            failure = canceled;
        }

        await writer.CompleteAsync(failure);
    }
}
