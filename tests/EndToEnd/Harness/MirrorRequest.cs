namespace AptP2P.EndToEnd.Harness;

/// <summary>A request that reached a <see cref="Mirror"/>.</summary>
internal sealed class MirrorRequest(string method, string target, string? range)
{
    private long _bytesSent;

    public string Method { get; } = method;

    /// <summary>Exactly as it came.</summary>
    public string Target { get; } = target;

    public string? Range { get; } = range;

    /// <summary>The trace that the client says it is a part of.</summary>
    public string? TraceParent { get; init; }

    public int Status { get; set; }

    /// <summary>Bytes of the file handed to the network so far. What of it the other side has read is not known.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public void Sent(int count) => Interlocked.Add(ref _bytesSent, count);

    public override string ToString() => $"{Method} {Target} {Range ?? "whole"} -> {Status}, {BytesSent} bytes";
}
