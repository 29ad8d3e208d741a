using System.Buffers;

namespace AptP2P.Testing.InMemory;

/// <summary>Collects a channel's bytes. Wants no more after <paramref name="limit"/>, and lets a test wait for a number of them.</summary>
public sealed class InMemorySink(long limit = long.MaxValue, int portion = 64 << 10) : IChannelSink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Lock _lock = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly byte[] _portion = new byte[portion];

    public byte[] Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes.WrittenSpan.ToArray();
            }
        }
    }

    /// <summary>Done once this many bytes have come.</summary>
    public Task HasAsync(long count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            Tell();
            return reached.Task;
        }
    }

    /// <summary>Whether it takes a whole where a part was asked for.</summary>
    public bool MayRestart { get; init; }

    /// <summary>Whether it was given one.</summary>
    public bool HasRestarted { get; private set; }

    public Memory<byte> GetMemory() => _portion;

    public ValueTask<bool> TryRestartAsync(CancellationToken cancellationToken) => new(HasRestarted = MayRestart);

    public ValueTask<bool> AdvanceAsync(int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _bytes.Write(_portion.AsSpan(0, count));
            _portion.AsSpan().Clear(); // memory of an earlier call must not be used again
            Tell();
            return new(_bytes.WrittenCount < limit);
        }
    }

    private void Tell()
    {
        foreach (var (count, reached) in _waiting)
        {
            if (_bytes.WrittenCount >= count)
            {
                reached.TrySetResult();
            }
        }
    }
}
