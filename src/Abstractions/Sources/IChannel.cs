namespace AptP2P;

/// <summary>
/// One place that a content's bytes can be read from. Used by one reader at a time. Expected failure is a value of
/// <see cref="ChannelResult"/>; any exception but cancellation is a bug in the plugin. It ends the channel, not the daemon.
/// </summary>
public interface IChannel : IAsyncDisposable
{
    /// <summary>Who is at the other end, for logs and the status page: <c>ftp.us.debian.org</c>, <c>192.0.2.7:9977</c>.</summary>
    string Name { get; }

    /// <summary>How far away it is.</summary>
    ChannelDistance Distance { get; }

    /// <summary>
    /// The piece list of the other end, if it has one. Only for contents of more than one piece. The host asks once. It asks again from
    /// time to time while there is <see cref="Progress"/>, which this call brings up to date, and when bytes contradicted the first list:
    /// then the other end itself has to say it.
    /// </summary>
    ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether the other end itself said the list that <see cref="GetPieceListAsync"/> gave last. A list that a look-up told is a hint:
    /// nobody answers for it.
    /// </summary>
    bool IsPieceListItsOwn => true;

    /// <summary>Who is behind it: all channels of one party have one vote about piece lists.</summary>
    string Party => Name;

    /// <summary>What the other end last said of its own fetch; <see langword="null"/> when it has all, or never said.</summary>
    FetchProgress? Progress => null;

    /// <summary>
    /// Whether the other end may have these bytes now, by what it last said: a peer that is still getting the content itself has only some
    /// of them. Costs nothing; each read may change the answer. Reading a range that is not there is a <see cref="ChannelOutcome.Busy"/>.
    /// </summary>
    bool MayHave(ByteRange range) => true;

    /// <summary>
    /// When the other end's file was last modified, as it said with its latest answer (RFC 9110, section 8.8.2); <see langword="null"/>
    /// when it did not, or was not asked yet. Read by any thread.
    /// </summary>
    DateTimeOffset? LastModified => null;

    /// <summary>
    /// Reads a range into the sink, in order. Ends early when the sink wants no more. A channel keeps its own time limits (connecting,
    /// first byte, silence) and never hangs. After a cut it continues only if it is sure that the file is still the same.
    /// </summary>
    Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken);

    /// <summary>
    /// Says that bytes or a piece list that the other end gave on its own word have been proven wrong. Called at most once, by any thread,
    /// also after the channel was disposed. A source of strangers no longer opens channels to the same place, for a time that grows with
    /// each blame and outlives a restart; it does no I/O in this call. An archive's own copy does nothing here: its bytes are what they
    /// are.
    /// </summary>
    /// <param name="reason">The evidence in words, for the log and the status: which content and piece, what was given and what is
    /// right.</param>
    void Blame(string reason);

    /// <summary>
    /// Says that bytes which the other end passed on, on another's word, have been proven wrong. It could not know, so it is not refused;
    /// but for a time nothing is read from it that it has on another's word. Called as <see cref="Blame"/> is.
    /// </summary>
    /// <param name="reason">The evidence in words.</param>
    void Doubt(string reason)
    {
    }
}
