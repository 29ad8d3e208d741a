using AptP2P.Testing;

namespace AptP2P.Host.Tests.Fetching.Upgrades;

/// <summary>Somebody who has files, at the other end of a line.</summary>
internal sealed class PacedHost(VirtualTime time, string name, double bytesPerSecond, double roundTripMilliseconds)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private bool _isAvoided;

    public string Name => name;

    public PacedLine Line { get; } = new(time, bytesPerSecond, roundTripMilliseconds);

    public ChannelDistance Distance { get; init; } = ChannelDistance.Other;

    /// <summary>Whether it is asked whether it has a file, before any look-up.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether nothing comes back when one connects to it.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Which files it has, by their number.</summary>
    public Func<int, bool> Has { get; init; } = _ => true;

    /// <summary>Whether the source offers it: it keeps away from whom it could not reach.</summary>
    public bool IsOffered(int file) => !_isAvoided && Has(file);

    public IChannel Open(byte[] bytes) => new Reading(this, bytes, time);

    private sealed class Reading(PacedHost host, byte[] bytes, VirtualTime time) : IChannel
    {
        private const int Portion = 16 << 10;

        public string Name => host.Name;

        public ChannelDistance Distance => host.Distance;

        public async ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return TestContent.PiecesOf(bytes); // a look-up has told it
        }

        public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
        {
            if (host.IsUnreachable)
            {
                try
                {
                    await Task.Delay(ConnectTimeout, time, cancellationToken);
                }
                finally
                {
                    host._isAvoided = true;
                }

                return new ChannelResult(ChannelOutcome.Timeout, "no connection");
            }

            var at = range.Start;
            try
            {
                await Task.Delay(host.Line.RoundTrip, time, cancellationToken);
                while (at < range.End)
                {
                    var memory = sink.GetMemory();
                    var count = (int)Math.Min(Math.Min(memory.Length, Portion), range.End - at);
                    at += count;
                    await host.Line.SendAsync(count, cancellationToken);
                    bytes.AsMemory((int)at - count, count).CopyTo(memory);
                    if (!await sink.AdvanceAsync(count, cancellationToken))
                    {
                        break;
                    }
                }
            }
            finally
            {
                host.Line.Lose(range.End - at);
            }

            return ChannelResult.Complete;
        }

        public void Blame(string reason) => throw new InvalidOperationException(reason);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
