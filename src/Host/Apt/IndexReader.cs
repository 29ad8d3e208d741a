using System.Runtime.CompilerServices;

namespace AptP2P.Host.Apt;

/// <summary>Takes a file that an index names. <paramref name="path"/> is valid during the call.</summary>
/// <param name="path">Raw, relative to <paramref name="place"/>.</param>
/// <param name="place">What the path is relative to.</param>
/// <param name="hash">Its SHA-256.</param>
/// <param name="size">In bytes.</param>
internal delegate void IndexEntrySink(ReadOnlySpan<byte> path, IndexEntryPlace place, ContentHash hash, long size);

internal enum IndexEntryPlace
{
    /// <summary>The archive's root: packages and sources.</summary>
    ArchiveRoot,

    /// <summary>The directory of the index: pdiff patches.</summary>
    IndexDirectory,
}

/// <summary>How the reading of an index ended.</summary>
internal enum IndexOutcome
{
    /// <summary>A whole index; every file that it names went to the sink.</summary>
    Complete,

    /// <summary>Something else, such as translations or contents lists.</summary>
    NamesNoFiles,

    /// <summary>It began as an index and then had a line that is not deb822.</summary>
    Garbage,

    /// <summary>More than <see cref="IndexLimits"/> allow.</summary>
    TooLarge,
}

/// <summary>
/// Reads Packages, Sources and the Index of pdiffs, pushed in chunks of any size. What it is follows from its fields, not from its name:
/// a stanza with Filename, Size and SHA256 names a package, one with Checksums-Sha256 the files of a source (in Directory), one with
/// SHA256-Download the patches beside it.
/// </summary>
internal sealed class IndexReader(IndexEntrySink sink)
{
    private readonly Stanza _stanza = new();
    private LineCutter _lines = new();
    private int _stanzas;
    private bool _stopped;

    /// <summary>How it stands; final once <see cref="Push"/> returned <see langword="false"/> or after <see cref="Complete"/>.</summary>
    public IndexOutcome Outcome { get; private set; }

    public int Entries { get; private set; }

    /// <summary>Stanzas that name a file without a usable size, path or SHA-256: nothing is learned from these.</summary>
    public int Skipped { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    /// <returns><see langword="false"/> when no more are wanted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Push(ReadOnlySpan<byte> chunk)
    {
        while (!_stopped && _lines.TryCut(ref chunk, out var line))
        {
            Take(line);
        }

        if (_lines.Overflowed)
        {
            Stop(_stanzas == 0 ? IndexOutcome.NamesNoFiles : IndexOutcome.TooLarge);
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
            Stop(Entries == 0 && Skipped == 0 && _stanzas > 0 ? IndexOutcome.NamesNoFiles : IndexOutcome.Complete);
        }

        return Outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(ReadOnlySpan<byte> line)
    {
        var field = FieldLine.Parse(line);
        switch (field.Kind)
        {
            case FieldLineKind.End:
                EndStanza();
                break;
            case FieldLineKind.Garbage:
                Stop(Entries == 0 ? IndexOutcome.NamesNoFiles : IndexOutcome.Garbage);
                break;
            case FieldLineKind.Field:
                _stanza.Begin(field);
                break;
            default:
                if (!_stanza.Continue(field))
                {
                    Stop(IndexOutcome.TooLarge);
                }

                break;
        }
    }

    private void EndStanza()
    {
        if (_stanza.IsEmpty)
        {
            return;
        }

        _stanzas++;
        var (entries, unusable) = _stanza.End(sink);
        (Entries, Skipped) = (Entries + entries, Skipped + unusable);
        if (Entries > IndexLimits.Entries)
        {
            Stop(IndexOutcome.TooLarge);
        }
        else if (_stanzas >= IndexLimits.StanzasWithoutFile && Entries == 0 && Skipped == 0)
        {
            Stop(IndexOutcome.NamesNoFiles);
        }
    }

    private void Stop(IndexOutcome outcome) => (_stopped, Outcome) = (true, outcome);
}
