using System.Collections.Immutable;

namespace AptP2P.Testing.Http;

/// <summary>
/// What a <see cref="FaultyServer"/> does with one request. The plain one is right in everything; each property makes one thing wrong, and
/// <c>with</c> combines them: <c>Answer.Cut(100) with { IgnoreRange = true }</c>.
/// </summary>
public sealed record Answer
{
    /// <summary>200, or 206 for a range, with the right bytes.</summary>
    public static Answer Right { get; } = new();

    /// <summary>Closes the connection without a byte.</summary>
    public static Answer CloseAtOnce { get; } = new() { Raw = ReadOnlyMemory<byte>.Empty };

    /// <summary>In place of the status that would be right; the body is then a short text.</summary>
    public int? Status { get; init; }

    /// <summary>Added to the headers, or in place of what would be right. An empty value leaves a header out.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>In place of the server's content.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The connection ends after this many bytes of the body.</summary>
    public long? CutAt { get; init; }

    /// <summary>A cut is a reset (RST), not an end (FIN).</summary>
    public bool Reset { get; init; }

    /// <summary>
    /// After this many bytes of the body, nothing until <see cref="FaultyServer.Release"/>; -1 is before the status line.
    /// </summary>
    public long? StallAt { get; init; }

    /// <summary>Bytes sent at a time; each portion but the first waits for <see cref="FaultyServer.Release"/>, as at a stall.</summary>
    public int? Trickle { get; init; }

    /// <summary>The byte at this offset of the content is another one.</summary>
    public long? WrongAt { get; init; }

    /// <summary>Added to what Content-Length should be; the bytes sent stay as they are.</summary>
    public long LengthError { get; init; }

    /// <summary>Added to the total and the range that Content-Range should tell.</summary>
    public long RangeError { get; init; }

    /// <summary>How many bytes before what was asked for a range begins; Content-Range says so.</summary>
    public long Earlier { get; init; }

    /// <summary>How many bytes of a range are left out at its end; Content-Range says so.</summary>
    public long Missing { get; init; }

    /// <summary>Sent in chunks (RFC 9112, 7.1), without a length.</summary>
    public bool IsChunked { get; init; }

    /// <summary>Bytes sent after the body's end.</summary>
    public int Surplus { get; init; }

    /// <summary>200 with everything, whatever range was asked for.</summary>
    public bool IgnoreRange { get; init; }

    /// <summary>Sent as it is in place of any answer; then the connection ends.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    public static Answer Cut(long at, bool reset = false) => new() { CutAt = at, Reset = reset };

    public static Answer Stall(long at) => new() { StallAt = at };

    public static Answer StallBeforeHeaders() => new() { StallAt = -1 };

    public static Answer Drip(int bytes) => new() { Trickle = bytes };

    public static Answer WrongByte(long at) => new() { WrongAt = at };

    public static Answer Error(int status) => new() { Status = status };

    public static Answer Busy(TimeSpan retryAfter) =>
        Error(503).With("Retry-After", ((long)retryAfter.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Answer Redirect(string location, int status = 302) => Error(status).With("Location", location);

    public static Answer Of(ReadOnlyMemory<byte> body) => new() { Body = body };

    public static Answer Verbatim(string text) => new() { Raw = System.Text.Encoding.Latin1.GetBytes(text) };

    public Answer With(string header, string value) => this with { Headers = Headers.SetItem(header, value) };
}
