namespace AptP2P.Shared.Http;

/// <summary>Moves a body into a sink, without copying, as long as bytes keep coming.</summary>
/// <param name="body">The body.</param>
/// <param name="isDelimited">Whether the message says where it ends; then an early end is an error of the sender, and no cut.</param>
/// <param name="watchdog">Ends it when no bytes come.</param>
/// <param name="stall">How long no bytes may come.</param>
internal readonly struct BodyPump(Stream body, bool isDelimited, Watchdog watchdog, TimeSpan stall)
{
    /// <summary>Reads into the sink until it has the wanted bytes or wants no more.</summary>
    /// <param name="available">How many the body has; fewer than wanted are a cut.</param>
    /// <param name="wanted">How many the sink gets at most.</param>
    /// <param name="received">Called with each number of bytes that came.</param>
    public async Task<ChannelResult> PumpAsync(
        long available, long wanted, IChannelSink sink, Action<int> received, CancellationToken cancellationToken)
    {
        for (var left = Math.Min(available, wanted); left > 0;)
        {
            var memory = sink.GetMemory();
            var (read, failure) = await ReadAsync(memory[..(int)Math.Min(memory.Length, left)]);
            if (failure is { } failed)
            {
                return failed;
            }

            received(read);
            left -= read;
            if (!await sink.AdvanceAsync(read, cancellationToken))
            {
                return ChannelResult.Complete;
            }
        }

        return available >= wanted
            ? ChannelResult.Complete
            : new ChannelResult(ChannelOutcome.Cut, $"it gave {available} of {wanted} bytes");
    }

    /// <summary>Reads and drops bytes.</summary>
    public async Task<ChannelResult> SkipAsync(long count)
    {
        var scrap = new byte[32 << 10];
        while (count > 0)
        {
            var (read, failure) = await ReadAsync(scrap.AsMemory(0, (int)Math.Min(scrap.Length, count)));
            if (failure is { } failed)
            {
                return failed;
            }

            count -= read;
        }

        return ChannelResult.Complete;
    }

    private async ValueTask<(int Read, ChannelResult? Failure)> ReadAsync(Memory<byte> memory)
    {
        try
        {
            var reading = body.ReadAsync(memory, watchdog.Token);
            if (!reading.IsCompleted)
            {
                watchdog.Watch(stall);
            }

            var read = await reading;
            watchdog.Rest(); // the time that the sink takes does not count
            return read > 0 ? (read, null) : (0, EndedEarly());
        }
        catch (Exception e) when (HttpFailure.IsExpected(e, watchdog))
        {
            return (0, HttpFailure.ToResult(e, watchdog, "body"));
        }
    }

    private ChannelResult EndedEarly() =>
        isDelimited
            ? new(ChannelOutcome.Protocol, "the body is shorter than the content")
            : new(ChannelOutcome.Cut, "the body ended early");
}
