using AptP2P.Testing.Http;

namespace AptP2P.EndToEnd.Failures;

/// <summary>What a mirror does with one request for a file of some length.</summary>
internal delegate Answer Fault(ServedRequest request, long length);

/// <summary>The ways in which mirrors fail.</summary>
internal static class Faults
{
    public static Fault None { get; } = (_, _) => Answer.Right;

    /// <summary>
    /// And says that the connection ends: what apt would send on it would be lost, and count as one of its tries, or not if it noticed
    /// before.
    /// </summary>
    public static Fault NoneAndNoMore { get; } = (_, _) => (Answer.Right with { CutAt = long.MaxValue }).With("Connection", "close");

    /// <summary>A byte near the beginning is another one.</summary>
    public static Fault Corrupt { get; } = (_, _) => Answer.WrongByte(10);

    /// <summary>Ends in the middle.</summary>
    public static Fault Cut { get; } = (request, length) => Answer.Cut(Half(request, length));

    public static Fault Reset { get; } = (request, length) => Answer.Cut(Half(request, length), reset: true);

    public static Fault CutAndCorrupt { get; } = (request, length) => Answer.WrongByte(10) with { CutAt = Half(request, length) };

    public static Fault Longer { get; } = (_, _) => Answer.Right with { LengthError = 10, Surplus = 10 };

    public static Fault Shorter { get; } = (_, _) => Answer.Right with { LengthError = -10 };

    public static Fault Chunked { get; } = (_, _) => Answer.Right with { IsChunked = true };

    public static Fault ChunkedAndCut { get; } = (request, length) => Answer.Cut(Half(request, length)) with { IsChunked = true };

    /// <summary>The end of the connection is that of the body.</summary>
    public static Fault Unmeasured { get; } = (_, _) => (Answer.Right with { CutAt = long.MaxValue }).With("Content-Length", "");

    public static Fault UnmeasuredAndUntyped { get; } =
        (_, _) => (Answer.Right with { CutAt = long.MaxValue }).With("Content-Length", "").With("Content-Type", "");

    public static Fault Close { get; } = (_, _) => Answer.CloseAtOnce;

    public static Fault Hang { get; } = (_, _) => Answer.StallBeforeHeaders();

    public static Fault Stall { get; } = (request, length) => Answer.Stall(Half(request, length));

    /// <summary>Gives the whole for a range.</summary>
    public static Fault Whole { get; } = (_, _) => Answer.Right with { IgnoreRange = true };

    public static Fault Lower { get; } = (_, _) => Answer.Right with { Earlier = 1000 };

    public static Fault Higher { get; } = (_, _) => Answer.Right with { Earlier = -1000 };

    /// <summary>Says that it gives what was asked for, and gives something else.</summary>
    public static Fault Shifted { get; } = (request, length) => Answer.WrongByte(request.RangeOf(length).Start + 5);

    public static Fault Short { get; } = (request, length) => Answer.Right with { Missing = Half(request, length) };

    public static Fault Status(int status) => (_, _) => Answer.Error(status);

    public static Fault StatusAlone(int status) => (_, _) => Answer.Error(status) with { Body = ReadOnlyMemory<byte>.Empty };

    private static long Half(ServedRequest request, long length) => request.RangeOf(length).Length / 2;
}
