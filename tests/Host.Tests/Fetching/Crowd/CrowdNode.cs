using System.Runtime.CompilerServices;
using AptP2P.Host.Sharing;
using AptP2P.Testing;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Tests.Fetching.Crowd;

/// <summary>A node that gets a content from a mirror which all share, and from the other nodes that are getting it or have it.</summary>
internal sealed class CrowdNode : IDisposable
{
    private readonly CrowdLine _upload;

    public CrowdNode(int number, byte[] bytes, VirtualTime time, CrowdLine mirror, List<CrowdNode> nodes)
    {
        (Name, _upload) = ($"node{number}", new CrowdLine(time, bytesPerSecond: 12_500_000));
        Rig = new FetchRig(
            bytes, policy: null, hasOrigin: true, time: time, node: (ulong)number,
            sources: [new MirrorSource(bytes, mirror), new NodesSource(this, nodes)]);
    }

    public string Name { get; }

    public FetchRig Rig { get; }

    /// <summary>Whether its uploads stand still: it says what it has, and gives nothing.</summary>
    public bool Hangs { get; set; }

    /// <summary>How long its answers take to what it has.</summary>
    public TimeSpan AnswerTime { get; set; }

    /// <summary>Whether it is too busy to say what it has.</summary>
    public bool IsBusy { get; set; }

    /// <summary>How many of the others say that it gave something wrong on its own word.</summary>
    public int Blamed { get; private set; }

    /// <summary>How many of them say that it passed something wrong on.</summary>
    public int Doubted { get; private set; }

    /// <summary>How often it was asked what it has.</summary>
    public int Questions { get; private set; }

    /// <summary>Changes what it gives to others.</summary>
    public Action<Memory<byte>>? Corrupt { get; set; }

    public long Uploaded => _upload.Bytes;

    public void Dispose() => Rig.Dispose();

    /// <summary>Half of the time of an answer.</summary>
    private Task OnTheWayAsync(CancellationToken cancellationToken) => Task.Delay(AnswerTime / 2, Rig.Time, cancellationToken);

    private bool IsThere => Rig.IsStored || Rig.Fetcher.Find(Rig.Content.Hash) is not null;

    private abstract class OneRead(string name) : IChannel
    {
        private const int Portion = 64 << 10;

        public string Name => name;

        public ChannelDistance Distance => ChannelDistance.SameNetwork;

        public virtual FetchProgress? Progress => null;

        public virtual ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken) => new((PieceList?)null);

        public bool MayHave(ByteRange range) => Progress?.Covers(range, PieceList.PieceLengthFor(Length)) ?? true;

        protected abstract long Length { get; }

        protected virtual void Asked()
        {
        }

        public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
        {
            Asked();
            for (var at = range.Start; at < range.End;)
            {
                var memory = sink.GetMemory();
                var count = (int)Math.Min(Math.Min(memory.Length, Portion), range.End - at);
                await GiveAsync(at, memory[..count], cancellationToken);
                at += count;
                if (!await sink.AdvanceAsync(count, cancellationToken))
                {
                    break;
                }
            }

            return ChannelResult.Complete;
        }

        public virtual void Blame(string reason) => throw new InvalidOperationException("a mirror's bytes are what they are");

        public virtual void Doubt(string reason) => Blame(reason);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected abstract Task GiveAsync(long at, Memory<byte> destination, CancellationToken cancellationToken);
    }

    private sealed class MirrorSource(byte[] bytes, CrowdLine line) : ISource
    {
        public string Name => "mirror";

        public SourceRole Role => SourceRole.Origin;

        public async IAsyncEnumerable<IChannel> OpenAsync(
            Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return new MirrorRead(bytes, line);
        }
    }

    private sealed class MirrorRead(byte[] bytes, CrowdLine line) : OneRead("mirror.test")
    {
        protected override long Length => bytes.Length;

        protected override void Asked() => line.Requests++;

        protected override async Task GiveAsync(long at, Memory<byte> destination, CancellationToken cancellationToken)
        {
            await line.TransmitAsync(destination.Length, cancellationToken);
            bytes.AsMemory((int)at, destination.Length).CopyTo(destination);
        }
    }

    private sealed class NodesSource(CrowdNode self, List<CrowdNode> nodes) : ISource
    {
        public string Name => "peers";

        public SourceRole Role => SourceRole.Peers;

        public async IAsyncEnumerable<IChannel> OpenAsync(
            Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var asked = nodes.Where(node => node != self).Select(node => AskAsync(node, cancellationToken)).ToList();
            await foreach (var answer in Task.WhenEach(asked).WithCancellation(cancellationToken))
            {
                if (await answer is { } node)
                {
                    yield return new NodeRead(node);
                }
            }
        }

        private static async Task<CrowdNode?> AskAsync(CrowdNode node, CancellationToken cancellationToken)
        {
            await node.OnTheWayAsync(cancellationToken);
            var isThere = node.IsThere;
            await node.OnTheWayAsync(cancellationToken);
            return isThere ? node : null;
        }
    }

    private sealed class NodeRead(CrowdNode node) : OneRead(node.Name)
    {
        private static readonly ShareList Everything = new(
            new ShareRules(Options.Create(new SharingOptions { Archives = [ArchivePattern.Parse("*", null)] }), null), naming: null!,
            trust: null);

        private FetchProgress? _progress;

        public override FetchProgress? Progress => _progress;

        public override void Blame(string reason) => node.Blamed++;

        public override void Doubt(string reason) => node.Doubted++;

        protected override long Length => node.Rig.Bytes.Length;

        public override async ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            node.Questions++;
            if (node.IsBusy)
            {
                return null;
            }

            await node.OnTheWayAsync(cancellationToken);
            var progress = node.Rig.IsStored ? null : node.Rig.Fetcher.Find(node.Rig.Content.Hash)?.CrowdProgress;
            var pieces = progress is null ? node.Rig.Pieces : null;
            await node.OnTheWayAsync(cancellationToken);
            _progress = progress;
            return pieces;
        }

        protected override async Task GiveAsync(long at, Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (node.Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, node.Rig.Time, cancellationToken);
            }

            Everything.Add(node.Rig.Content);
            await using var shared = await new SharedContents(node.Rig.Store, node.Rig.Fetcher, Everything, new SharedBytes()).OpenAsync(
                node.Rig.Content.Hash, cancellationToken);
            await node._upload.TransmitAsync(destination.Length, cancellationToken);
            await shared!.ReadAsync(at, destination, cancellationToken);
            node.Corrupt?.Invoke(destination);
        }
    }
}
