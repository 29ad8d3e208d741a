namespace AptP2P.Host.Apt.Paths;

/// <summary>Why a path names no file of an archive.</summary>
internal enum ArchivePathFault
{
    None,

    /// <summary>It does not begin with a slash, or is longer than <see cref="ArchivePath.MaxLength"/>.</summary>
    Shape,

    /// <summary>It has a query: then it is not a file, and two queries are two resources.</summary>
    Query,

    /// <summary>A percent sign without two hexadecimal digits, an encoded slash, or bytes that are not UTF-8.</summary>
    Encoding,

    /// <summary>A NUL or another control character, encoded or not.</summary>
    ControlCharacter,

    /// <summary>More <c>..</c> than directories.</summary>
    EscapesRoot,
}
