namespace AptP2P.Host.Fetching.Channels;

/// <summary>How many bytes of one fetch came from whom.</summary>
internal sealed class FetchTraffic(FetchMetrics metrics)
{
    private long _origin;
    private long _peers;
    private long _local;

    public long OriginBytes => Interlocked.Read(ref _origin);

    public long PeerBytes => Interlocked.Read(ref _peers);

    public long LocalBytes => Interlocked.Read(ref _local);

    /// <summary>From anywhere.</summary>
    public long Bytes => OriginBytes + PeerBytes + LocalBytes;

    public void Received(FetchChannel channel, int bytes)
    {
        channel.HasGiven = true;
        Interlocked.Add(ref (channel.IsPeer ? ref _peers : ref (channel.IsLocal ? ref _local : ref _origin)), bytes);
        metrics.Received(channel.Source, bytes);
    }
}
