namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// A channel in the service of one fetch, and what is known of it: how fast it is, how it fails, which piece list it goes by.
/// </summary>
internal sealed class FetchChannel(IChannel channel, ISource source, Congestion congestion, ChannelOptions options, TimeProvider time)
{
    private Retirement? _retirement;
    private int _blamed;
    private int _doubted;

    public IChannel Channel => channel;

    public ISource Source => source;

    public bool IsPeer => source.Role == SourceRole.Peers;

    public bool IsOrigin => source.Role == SourceRole.Origin;

    /// <summary>Whether it is a copy at hand, whose bytes cost nothing.</summary>
    public bool IsLocal => source.Role == SourceRole.Local;

    /// <summary>How far the other end is, if it is getting the content itself.</summary>
    public FetchProgress? Progress => channel.Progress;

    /// <summary>
    /// Bytes per second over recent claims, with the wait for their first byte: what a claim may expect; 0 while unknown.
    /// </summary>
    public double Rate { get; private set; }

    /// <summary>Bytes per second now, also while one claim runs for long.</summary>
    public LatestRate Latest { get; } = new(time, options.RateTime);

    /// <summary>What the other end gives to all fetches together; remembered between them.</summary>
    public Speed Speed { get; init; } = new(options, time);

    /// <summary>How long the first byte of a claim took lately; 0 while unknown.</summary>
    public TimeSpan FirstByte { get => field > TimeSpan.Zero ? field : Speed.FirstByte; private set; }

    /// <summary>How promptly all peers of the fetch answer.</summary>
    public Congestion Congestion => congestion;

    /// <summary>For how long it may be silent while others could do its work: longer if it is known to give, and all are busy.</summary>
    public TimeSpan Patience => IsPeer && (Rate > 0 || Progress is not null) ? congestion.Patience : options.Silence;

    /// <summary>Whether the other end is on this machine or in the same local network.</summary>
    public bool IsNear => channel.Distance < ChannelDistance.Other;

    /// <summary>Whether a search has found it, and it was not among those who are asked without one.</summary>
    public bool WasSearched { get; init; }

    /// <summary>Whether it has been asked for bytes in this fetch.</summary>
    public bool WasAsked { get; set; }

    /// <summary>Whether any byte of this fetch came from it.</summary>
    public bool HasGiven { get; set; }

    /// <summary>
    /// Whether it is a neighbour that has all of it and does well so far: what it has costs the line nothing. Whether it goes on to do well
    /// is seen by its claims.
    /// </summary>
    public bool IsGoodNeighbour =>
        IsPeer && IsNear && IsReady && !IsRetired && !MustSayPieces && Failures == 0 && Silences == 0 && Progress is null;

    /// <summary>Since when there has been no work for it (a timestamp); nothing while there is.</summary>
    public long? IdleSince { get; set; }

    /// <summary>After how long to look for work again though nothing has happened, if that is soon.</summary>
    public TimeSpan? LookAgain { get; set; }

    /// <summary>How often in a row it was asked how far it is, and said the same as before.</summary>
    public int Unchanged { get; set; }

    /// <summary>How often in a row others had to take over from it because nothing came.</summary>
    public int Silences { get; private set; }

    /// <summary>How often the origin was asked for what others should have brought in.</summary>
    public int Waits { get; set; }

    /// <summary>Failures in a row without a byte between them.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it does no more work for this fetch.</summary>
    public bool IsRetired => Volatile.Read(ref _retirement) is not null;

    /// <summary>The result that ended it.</summary>
    public ChannelResult? RetiredBy => Volatile.Read(ref _retirement)?.Result;

    /// <summary>Whether it has been asked all that has to be known before it may work.</summary>
    public bool IsReady { get; set; }

    /// <summary>The piece list that it goes by.</summary>
    public PieceList? Pieces { get; set; }

    /// <summary>Whether the other end said <see cref="Pieces"/> itself, having the whole. Else it is not its word.</summary>
    public bool HasSaidPieces { get; set; }

    /// <summary>
    /// Whether what it gave does not fit what is told of it: before it works again, the other end has to say its list itself.
    /// </summary>
    public bool MustSayPieces { get; set; }

    /// <summary>Which host it is of: a file may have two names there, and what is in trouble is the host.</summary>
    public string Host { get; init; } = channel.Name;

    /// <summary>What to remember trouble under: the host, unless it is the file of this name alone that was at fault.</summary>
    public string AtFault => RetiredBy is { } result && !IsOfTheHost(result) ? channel.Name : Host;

    /// <summary>
    /// When it is brought in, smaller numbers first: later where its host was in trouble lately, or its file under this name was not what
    /// the index names.
    /// </summary>
    public int Turn { get; init; }

    /// <summary>
    /// Whether it is of another archive, which has a file of this hash by its own index. It is asked only where those that the client
    /// named are in trouble: whoever publishes an archive can name any hash in it.
    /// </summary>
    public bool IsOfAnotherArchive { get; init; }

    /// <summary>Whether a failure says something of all that the host has.</summary>
    public static bool IsOfTheHost(ChannelResult result) =>
        result.Answer is { Status: >= StatusCodes.Status400BadRequest }
        || result.Outcome is not (ChannelOutcome.Gone or ChannelOutcome.Protocol);

    public void Retire(ChannelResult result) => Interlocked.CompareExchange(ref _retirement, new Retirement(result), null);

    /// <summary>The first byte of a claim came after this long.</summary>
    public void Began(TimeSpan wait)
    {
        FirstByte = wait;
        Speed.Begin(wait);
        if (IsPeer)
        {
            congestion.Waited(wait);
        }
    }

    /// <summary>
    /// Others take over from it because nothing comes. A peer that does so again and again is not asked any more; an origin may recover.
    /// </summary>
    /// <param name="wait">For how long.</param>
    public void WasSilent(TimeSpan wait)
    {
        if (IsPeer)
        {
            congestion.Waited(wait);
        }

        if (++Silences >= (Progress is null ? options.Silences : options.BusyAnswers) && !IsOrigin)
        {
            Retire(new ChannelResult(ChannelOutcome.Timeout, "says that it has what it does not give"));
        }
    }

    public void Measure(long bytes, TimeSpan duration)
    {
        if (bytes > 0 && duration > TimeSpan.Zero)
        {
            var rate = bytes / duration.TotalSeconds;
            Silences = 0;
            Rate = Rate == 0 ? rate : (options.NewestShare * rate) + ((1 - options.NewestShare) * Rate);
        }
    }

    /// <summary>Whether it gives a range on its own word, by what it last said: it has the whole, or had this from the origin.</summary>
    public bool Vouches(ByteRange range, int pieceLength) =>
        !IsPeer || Progress is not { } progress || progress.Vouches(range, pieceLength);

    /// <summary>Says that what it gave was wrong.</summary>
    /// <param name="isItsWord">Whether it gave that on its own word, and did not just pass it on.</param>
    /// <param name="evidence">In words.</param>
    public void Accuse(bool isItsWord, string evidence)
    {
        if (isItsWord && Interlocked.Exchange(ref _blamed, 1) == 0)
        {
            channel.Blame(evidence);
        }
        else if (!isItsWord && Interlocked.Exchange(ref _doubted, 1) == 0)
        {
            channel.Doubt(evidence);
        }
    }

    /// <summary>What ended it. A class: it is written by one thread and read by others, and is there as a whole or not at all.</summary>
    private sealed record Retirement(ChannelResult Result);
}
