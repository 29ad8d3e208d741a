using System.Collections.Concurrent;

namespace AptP2P.Testing.InMemory;

/// <summary>A channel whose far end is an array, and which fails as it is told to.</summary>
public sealed class InMemoryChannel(string name, ReadOnlyMemory<byte> content, TimeProvider? time = null) : IChannel
{
    private const int Portion = 16 << 10; // several per piece, so that a race between channels has somewhere to happen

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentQueue<ChannelAct> _script = new();
    private readonly ConcurrentQueue<ByteRange> _reads = new();
    private readonly ConcurrentQueue<string> _blames = new();
    private readonly SemaphoreSlim _released = new(0);
    private readonly SemaphoreSlim _stalled = new(0);
    private readonly ConcurrentQueue<string> _doubts = new();
    private int _told;
    private int _readers;
    private int _open;
    private long _bytesRead;

    public string Name => name;

    public ChannelDistance Distance { get; init; } = ChannelDistance.Other;

    public DateTimeOffset? LastModified { get; set; }

    /// <summary>What <see cref="GetPieceListAsync"/> gives.</summary>
    public PieceList? Pieces { get; init; }

    /// <summary>What a look-up told of it, which <see cref="GetPieceListAsync"/> gives the first time.</summary>
    public PieceList? Told { get; init; }

    public bool IsPieceListItsOwn { get; private set; } = true;

    public string Party { get => field ?? name; init; }

    /// <summary>What <see cref="MayHave"/> says; all by default. It does not change what a read does.</summary>
    public Func<ByteRange, bool> Held { get; set; } = _ => true;

    /// <summary>What is done where the script has ended.</summary>
    public ChannelAct Otherwise { get; set; } = ChannelAct.Right;

    /// <summary>Every range asked for, in order.</summary>
    public IReadOnlyCollection<ByteRange> Reads => _reads;

    public IReadOnlyCollection<string> Blames => _blames;

    public IReadOnlyCollection<string> Doubts => _doubts;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public bool IsDisposed { get; private set; }

    /// <summary>What the next reads do, in order.</summary>
    public InMemoryChannel Script(params ReadOnlySpan<ChannelAct> acts)
    {
        foreach (var act in acts)
        {
            _script.Enqueue(act);
        }

        return this;
    }

    /// <summary>Waits until one more read has stalled.</summary>
    public Task StalledAsync(CancellationToken cancellationToken) => _stalled.WaitAsync(cancellationToken);

    /// <summary>Lets one stalled read go on.</summary>
    public void Release() => _released.Release();

    public ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isTold = Told is not null && Interlocked.Exchange(ref _told, 1) == 0;
        IsPieceListItsOwn = !isTold;
        return new(isTold ? Told : Pieces);
    }

    /// <summary>What it says of its own fetch: nothing by default, as it has all.</summary>
    public FetchProgress? Progress { get; set; }

    public bool MayHave(ByteRange range) => Progress?.Covers(range, PieceList.PieceLengthFor(content.Length)) ?? Held(range);

    public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Interlocked.Increment(ref _readers) != 1)
        {
            throw new InvalidOperationException($"Channel {name} has two readers at once.");
        }

        try
        {
            _reads.Enqueue(range);
            await Task.Yield(); // like a network, never done before the caller goes on
            return await ReadAsync(range, sink, _script.TryDequeue(out var act) ? act : Otherwise, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    public void Blame(string reason) => _blames.Enqueue(reason);

    public void Doubt(string reason) => _doubts.Enqueue(reason);

    /// <summary>A source opens a new channel for each fetch; a test looks at the same one.</summary>
    public void Reopen()
    {
        Interlocked.Increment(ref _open);
        IsDisposed = false;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = Interlocked.Decrement(ref _open) <= 0;
        return ValueTask.CompletedTask;
    }

    private async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, ChannelAct act, CancellationToken cancellationToken)
    {
        if (act.GivesWhole && range.Start > 0 && await sink.TryRestartAsync(cancellationToken))
        {
            range = range with { Start = 0 };
        }

        var end = Math.Min(range.Length, act.EndAfter ?? range.Length);
        var stall = act.StallAfter ?? (act.StallAt - range.Start);
        for (long done = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (done == stall)
            {
                _stalled.Release();
                await _released.WaitAsync(cancellationToken);
            }

            if (done == end)
            {
                return new ChannelResult(
                    act.Outcome, act.Outcome == ChannelOutcome.Complete ? null : "as the test wants it", act.RetryAfter)
                {
                    Answer = act.Answer,
                };
            }

            var memory = sink.GetMemory();
            var stop = stall > done ? Math.Min(end, stall.Value) : end;
            var count = (int)Math.Min(Math.Min(memory.Length, Portion), stop - done);
            if (act.BytesPerSecond is { } rate)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)count / rate), _time, cancellationToken);
            }

            content.Slice((int)(range.Start + done), count).CopyTo(memory);
            if (act.WrongAt - range.Start - done is { } wrong && wrong >= 0 && wrong < count)
            {
                memory.Span[(int)wrong] ^= 0x55;
            }

            done += count;
            Interlocked.Add(ref _bytesRead, count);
            if (!await sink.AdvanceAsync(count, cancellationToken))
            {
                return ChannelResult.Complete;
            }
        }
    }
}
