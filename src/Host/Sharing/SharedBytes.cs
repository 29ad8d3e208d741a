namespace AptP2P.Host.Sharing;

/// <summary>How many bytes of contents went to other nodes, whichever plugin serves them.</summary>
internal sealed class SharedBytes
{
    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Counts a part before it is sent: who has its last byte must find it counted.</summary>
    public void Sends(ByteRange part) => Interlocked.Add(ref _sent, part.Length);
}
