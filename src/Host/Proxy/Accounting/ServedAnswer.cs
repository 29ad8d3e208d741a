using AptP2P.Host.Proxy.Answers;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>An answer that was given.</summary>
/// <param name="Time">When.</param>
/// <param name="File">The file's name.</param>
/// <param name="From">Where its bytes came from.</param>
/// <param name="Bytes">How many the client got.</param>
/// <param name="OriginBytes">How many were got for it from the origin.</param>
/// <param name="PeerBytes">How many were got for it from peers.</param>
internal sealed record ServedAnswer(DateTimeOffset Time, string File, ServedFrom From, long Bytes, long OriginBytes, long PeerBytes)
{
    /// <summary>What was asked for.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The number of the run that it belongs to.</summary>
    public long? Run { get; init; }

    /// <summary>What people call the file, once that is known for good.</summary>
    public string? Title { get; set; }

    /// <summary>
    /// What was fetched for it: a fetch may serve several clients, and may have had a part of the file from before. Each answer has its
    /// share of where the fetch's bytes came from.
    /// </summary>
    private long Fetched =>
        From is ServedFrom.Peers or ServedFrom.Mirror or ServedFrom.Local ? Math.Min(Bytes, OriginBytes + PeerBytes) : 0;

    /// <summary>How many of its bytes peers gave.</summary>
    public long FromPeers => Fetched == 0 ? 0 : (long)(Fetched * (PeerBytes / (double)(PeerBytes + OriginBytes)));

    /// <summary>How many of its bytes a fetch had from the mirror.</summary>
    public long FromMirror => Fetched - FromPeers;

    /// <summary>How many of its bytes were here already.</summary>
    public long FromStore => From is ServedFrom.Miss or ServedFrom.Stale ? 0 : Bytes - Fetched;

    /// <summary>What a file is called in the log and on the status page.</summary>
    public static string FileName(HttpRequest request) => Path.GetFileName(request.Path.Value ?? "");
}
