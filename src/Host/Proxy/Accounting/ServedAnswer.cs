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
    /// <summary>What a file is called in the log and on the status page.</summary>
    public static string FileName(HttpRequest request) => Path.GetFileName(request.Path.Value ?? "");
}
