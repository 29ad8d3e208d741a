namespace AptP2P.Host.Apt.Fields;

/// <summary>
/// The most that the readers of archive metadata take. A mirror, or whoever sits on the path to it, chooses every byte that they read.
/// </summary>
internal static class ReadingLimits
{
    /// <summary>apt refuses larger ones itself. Stops a Release that never ends.</summary>
    public const int ReleaseLength = 10_000_000;

    /// <summary>Debian's largest names some 3,000. Stops a Release that fills the database with names nobody asks for.</summary>
    public const int ReleaseEntries = 50_000;

    /// <summary>
    /// The longest real ones (Provides of the rust packages) are under 200 kB; apt refuses a stanza of more itself. Stops a line that never
    /// ends from filling memory.
    /// </summary>
    public const int LineLength = 2 << 20;

    /// <summary>Real source packages have up to some hundred files. They are kept until the stanza ends, so this bounds memory.</summary>
    public const int FilesPerStanza = 10_000;

    /// <summary>Debian's Sources name 106,000 files. Stops an index that fills memory (120 bytes each) and disk with entries.</summary>
    public const int Entries = 400_000;

    /// <summary>The largest real index that names files has 80 MB. Stops a few kilobytes that decompress without end.</summary>
    public const long Decompressed = 256L << 20;

    /// <summary>
    /// Text that names no file, after which it is something else (translations, contents lists, a web page): it is not read to its end. In
    /// an index each stanza names one.
    /// </summary>
    public const int TextWithoutFile = 1 << 20;
}
