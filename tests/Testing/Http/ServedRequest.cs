using System.Collections.Immutable;
using System.Globalization;

namespace AptP2P.Testing.Http;

/// <summary>A line of a <see cref="FaultyServer"/>'s log.</summary>
/// <param name="Connection">Which connection it came on, from 1.</param>
/// <param name="Method">GET, HEAD, POST, as it was sent.</param>
/// <param name="Target">The exact bytes between method and version.</param>
/// <param name="Headers">Names in any case; a repeated one keeps its last value.</param>
/// <param name="Body">What came with it.</param>
public sealed record ServedRequest(
    int Connection, string Method, string Target, ImmutableDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    private long _bytesSent;

    /// <summary>Of the body, so far.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>The range asked for in a content of some length; all of it where none was.</summary>
    public ByteRange RangeOf(long length)
    {
        if (this["Range"] is not { } range || !range.StartsWith("bytes=", StringComparison.Ordinal) || range.Contains(','))
        {
            return new ByteRange(0, length);
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = (range[6..dash], range[(dash + 1)..]);
        if (first.Length == 0)
        {
            return new ByteRange(Math.Max(0, length - Parse(last)), length);
        }

        return new ByteRange(Parse(first), last.Length == 0 ? length : Math.Min(length, Parse(last) + 1));

        static long Parse(string number) => long.Parse(number, CultureInfo.InvariantCulture);
    }

    internal void Sent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);
}
