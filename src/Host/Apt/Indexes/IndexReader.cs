using System.Runtime.CompilerServices;
using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Apt.Indexes;

/// <summary>How the reading of an index ended.</summary>
internal enum IndexOutcome
{
    /// <summary>A whole index; every file that it names went to the sink.</summary>
    Complete,

    /// <summary>Something else, such as translations or contents lists.</summary>
    NamesNoFiles,

    /// <summary>More than <see cref="ReadingLimits"/> allow.</summary>
    TooLarge,
}

/// <summary>
/// Reads Packages, Sources and the Index of pdiffs, pushed in chunks of any size. What it is follows from its fields, not from its name:
/// a stanza with Filename and SHA256 or SHA512 names a package, one with Checksums-Sha256 or -Sha512 the files of a source (in Directory),
/// one with SHA256-Download the patches beside it. A line that is none of them is left out alone, as apt does, never the index.
/// </summary>
internal sealed class IndexReader(IndexEntrySink sink)
{
    private readonly Stanza _stanza = new(sink);
    private LineCutter _lines = new();
    private long _fruitless;
    private bool _stopped;

    /// <summary>How it stands; final once <see cref="Push"/> returned <see langword="false"/> or after <see cref="Complete"/>.</summary>
    public IndexOutcome Outcome { get; private set; }

    public int Entries { get; private set; }

    /// <summary>Stanzas that name a file without a usable size or digest: nothing is learned from these.</summary>
    public int Skipped { get; private set; }

    private bool NamesFiles => Entries > 0 || Skipped > 0;

    /// <summary>Takes the next bytes.</summary>
    /// <returns><see langword="false"/> when no more are wanted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Push(ReadOnlySpan<byte> chunk)
    {
        _fruitless = NamesFiles ? 0 : _fruitless + chunk.Length;
        while (!_stopped && _lines.TryCut(ref chunk, out var line))
        {
            Take(line);
        }

        if (_lines.Overflowed)
        {
            Stop(NamesFiles ? IndexOutcome.TooLarge : IndexOutcome.NamesNoFiles);
        }
        else if (!_stopped && !NamesFiles && _fruitless > ReadingLimits.TextWithoutFile)
        {
            Stop(IndexOutcome.NamesNoFiles);
        }

        return !_stopped;
    }

    /// <summary>The text has ended.</summary>
    public IndexOutcome Complete()
    {
        if (!_stopped && _lines.TryCutLast(out var line))
        {
            Take(line);
        }

        if (!_stopped)
        {
            EndStanza();
        }

        if (!_stopped)
        {
            Stop(NamesFiles || _fruitless == 0 ? IndexOutcome.Complete : IndexOutcome.NamesNoFiles); // an empty one is an index too
        }

        return Outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(ReadOnlySpan<byte> line)
    {
        var field = FieldLine.Parse(line);
        if (field.Kind == FieldLineKind.End)
        {
            EndStanza();
        }
        else if (!_stanza.Take(field))
        {
            Stop(IndexOutcome.TooLarge);
        }
    }

    private void EndStanza()
    {
        var (entries, unusable) = _stanza.End();
        (Entries, Skipped) = (Entries + entries, Skipped + unusable);
        if (Entries > ReadingLimits.Entries)
        {
            Stop(IndexOutcome.TooLarge);
        }
    }

    private void Stop(IndexOutcome outcome) => (_stopped, Outcome) = (true, outcome);
}
