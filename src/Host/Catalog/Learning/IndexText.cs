using System.Security.Cryptography;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Indexes;
using AptP2P.Host.Catalog.Decompression;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>
/// Decompresses an index and reads it, chunk by chunk. On one thread: reading takes a tenth of what xz takes, so that a second thread costs
/// more than it saves (docs/benchmarks.md).
/// </summary>
internal static class IndexText
{
    private const int ChunkLength = 64 << 10; // stays in the processor's cache between the two

    /// <summary>Reads the whole of <paramref name="source"/>, which is disposed, into the sink.</summary>
    /// <param name="source">The index, compressed or not.</param>
    /// <param name="expected">What the text must hash to, where the compressed bytes were not verified.</param>
    /// <param name="sink">Takes the entries.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LearnResult> ReadAsync(
        Stream source, ContentHash? expected, IndexEntrySink sink, CancellationToken cancellationToken)
    {
        await using var owned = source;
        using var hash = expected is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new IndexReader(sink);
        try
        {
            await ReadAsync(source, reader, hash, cancellationToken);
        }
        catch (Exception damage) when (damage is InvalidDataException or DllNotFoundException)
        {
            return new LearnResult(LearnOutcome.Damaged, 0, damage.Message);
        }

        return reader.Outcome switch
        {
            IndexOutcome.Complete when hash is not null && expected != new ContentHash(hash.GetHashAndReset()) => new LearnResult(
                LearnOutcome.Unnamed),
            IndexOutcome.Complete => new LearnResult(LearnOutcome.Learned, reader.Entries),
            IndexOutcome.NamesNoFiles => new LearnResult(LearnOutcome.NoIndex),
            _ => new LearnResult(LearnOutcome.TooLarge, 0, "longer lines, stanzas or lists than real ones have"),
        };
    }

    private static async Task ReadAsync(Stream source, IndexReader reader, IncrementalHash? hash, CancellationToken cancellationToken)
    {
        await using var text = await CompressedFile.OpenAsync(source, cancellationToken);
        var chunk = new byte[ChunkLength];
        long total = 0;
        for (int count; (count = await text.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            total += count;
            if (total > ReadingLimits.Decompressed)
            {
                throw new InvalidDataException($"it decompresses to more than {ReadingLimits.Decompressed} bytes");
            }

            hash?.AppendData(chunk, 0, count);
            if (!reader.Push(chunk.AsSpan(0, count)))
            {
                return;
            }
        }

        reader.Complete();
    }
}
