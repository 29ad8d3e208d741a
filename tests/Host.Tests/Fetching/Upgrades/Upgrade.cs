using System.Runtime.CompilerServices;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Fetching.Upgrades;

/// <summary>
/// What apt does in an upgrade: many files over one connection, asked for ahead of their turn, from a daemon with a mirror and peers. In
/// virtual time, so that what it takes can be compared to the mirror alone.
/// </summary>
internal sealed class Upgrade : IDisposable
{
    private readonly Dictionary<ContentHash, (int Number, byte[] Bytes)> _files = [];
    private readonly PacedHost _mirror;
    private readonly PacedHost[] _peers;
    private readonly FetchRig _rig;

    public Upgrade(VirtualTime time, PacedHost mirror, params PacedHost[] peers)
    {
        (_mirror, _peers) = (mirror, peers);
        _rig = new FetchRig(
            TestContent.Bytes(1), time: time, record: new PeerRecord(Options.Create(new ChannelOptions()), time),
            sources: [new Source(this, isMirror: true), new Source(this, isMirror: false)]);
    }

    /// <summary>When the first peer is found by a look-up, and when the look-up ends.</summary>
    public (TimeSpan First, TimeSpan End) LookUp { get; init; } = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300));

    /// <summary>How many files are asked for at a time; by default as many as apt does (Acquire::http::Pipeline-Depth).</summary>
    public int Ahead { get; init; } = 10;

    public long FromMirror => _mirror.Line.Sent;

    public long FromPeers => _peers.Sum(peer => peer.Line.Sent);

    /// <summary>What the same takes without peers and without us: a request after the other, sent ahead, over one line.</summary>
    public static TimeSpan Alone(double bytesPerSecond, double roundTripMilliseconds, IReadOnlyCollection<int> sizes) =>
        TimeSpan.FromSeconds((sizes.Sum(size => (double)size) / bytesPerSecond) + (roundTripMilliseconds / 1000));

    /// <returns>How long it took.</returns>
    public TimeSpan Get(IEnumerable<int> sizes)
    {
        var contents = sizes.Select(Add).ToList();
        var began = _rig.Time.GetTimestamp();
        _rig.Thread.Run(async () =>
        {
            Queue<(Content Content, Task<(byte[] Bytes, Host.Fetching.FetchFailure? Failure)> Reading)> asked = [];
            foreach (var content in contents)
            {
                if (asked.Count == Ahead)
                {
                    await CheckAsync(asked.Dequeue());
                }

                asked.Enqueue((content, _rig.ReadToEndAsync(content)));
            }

            while (asked.TryDequeue(out var next))
            {
                await CheckAsync(next);
            }
        });
        return _rig.Time.GetElapsedTime(began);
    }

    public void Dispose() => _rig.Dispose();

    private static async Task CheckAsync((Content Content, Task<(byte[] Bytes, Host.Fetching.FetchFailure? Failure)> Reading) asked)
    {
        var (bytes, failure) = await asked.Reading;
        Assert.Null(failure);
        Assert.Equal(asked.Content.Hash, ContentHash.Of(bytes));
    }

    private Content Add(int size)
    {
        var bytes = TestContent.Bytes(size, seed: _files.Count);
        var content = new Content(
            ContentHash.Of(bytes), size, [new Origin("http", _mirror.Name, 80, $"/{_files.Count}.deb", OriginReach.Local)]);
        _files.Add(content.Hash, (_files.Count, bytes));
        return content;
    }

    private sealed class Source(Upgrade upgrade, bool isMirror) : ISource
    {
        public string Name => isMirror ? "mirror" : "peers";

        public SourceRole Role => isMirror ? SourceRole.Origin : SourceRole.Peers;

        public async IAsyncEnumerable<IChannel> OpenAsync(
            Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var (number, bytes) = upgrade._files[content.Hash];
            if (isMirror)
            {
                yield return upgrade._mirror.Open(bytes);
                yield break;
            }

            var time = upgrade._rig.Time;
            var began = time.Elapsed;
            foreach (var peer in upgrade._peers.Where(peer => peer.IsKnown).OrderBy(peer => peer.Line.RoundTrip))
            {
                await UntilAsync(peer.Line.RoundTrip);
                if (peer.IsOffered(number))
                {
                    yield return peer.Open(bytes);
                }
            }

            if (effort == SearchEffort.Search)
            {
                await UntilAsync(upgrade.LookUp.First);
                foreach (var peer in upgrade._peers.Where(peer => !peer.IsKnown && peer.IsOffered(number)))
                {
                    yield return peer.Open(bytes);
                }

                await UntilAsync(upgrade.LookUp.End);
            }

            Task UntilAsync(TimeSpan after) =>
                began + after > time.Elapsed ? Task.Delay(began + after - time.Elapsed, time, cancellationToken) : Task.CompletedTask;
        }
    }
}
