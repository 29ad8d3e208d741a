using System.Collections.Immutable;
using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Apt.Releases;

/// <summary>
/// Release or InRelease (Debian's repository format). Nobody checks the signature here: apt does. A false entry costs sharing, never a file
/// that apt could have had.
/// </summary>
/// <param name="Entries">What it names with its SHA-256.</param>
/// <param name="AcquireByHash">Whether the files can be had under <c>by-hash/</c>.</param>
internal sealed record Release(ImmutableArray<ReleaseEntry> Entries, bool AcquireByHash)
{
    /// <summary>When it was made, if it says so.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Until when apt takes it, if it says so.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>What it names by other digests only.</summary>
    public ImmutableArray<UnprovenEntry> Unproven { get; init; } = [];

    /// <summary>Whether it names an index in its own directory, so that it is a flat repository's wherever it is.</summary>
    public bool IsFlat { get; init; }

    public bool NamesNothing => Entries.IsEmpty && Unproven.IsEmpty;

    /// <summary>
    /// Reads one as apt does, or <see langword="null"/> when it is none: it has no field that a Release has, or is larger than apt takes.
    /// </summary>
    public static Release? TryRead(ReadOnlySpan<byte> text)
    {
        if (text.Length > ReadingLimits.ReleaseLength)
        {
            return null;
        }

        var reader = new ReleaseReader();
        var lines = new ReleaseLines(text);
        while (lines.MoveNext())
        {
            if (!reader.Take(lines.Current))
            {
                return null;
            }
        }

        return reader.Release;
    }
}
