using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Proxy.Indexes;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Proxy.Indexes;

public sealed class IndexBacklogTests
{
    private static readonly Origin Package = Origin("http://archive.test/debian/pool/a.deb");

    private readonly VirtualTime _time = new();
    private readonly IndexOptions _options = new();

    [Fact]
    public void Unread_NothingComesFromThatHost_IsNothing()
    {
        var backlog = Backlog();
        using var other = backlog.Passing(Origin("http://other.test/debian/dists/x/InRelease"));

        Assert.True(backlog.Unread(Package).IsEmpty);
    }

    [Fact]
    public async Task Wait_SomethingIsBeingLearned_UntilItIs()
    {
        var backlog = Backlog();
        var first = backlog.Passing(Origin("http://archive.test/debian/dists/x/InRelease"));
        var second = backlog.Passing(Origin("http://archive.test/debian/dists/x/main/Packages.xz"));

        var unread = backlog.Unread(Package);
        Assert.Equal((1, 1), (unread.Releases.Count, unread.Indexes.Count));
        var waiting = backlog.WaitAsync(unread.Releases.Concat(unread.Indexes), Cancellation);
        first.Dispose();
        Assert.False(waiting.IsCompleted);
        second.Dispose();

        await waiting;
        Assert.True(backlog.Unread(Package).IsEmpty);
    }

    [Fact]
    public async Task Wait_ReadSinceTheCatalogWasAsked_IsKnownToHaveBeenUnread()
    {
        var backlog = Backlog();
        var index = backlog.Passing(Origin("http://archive.test/debian/dists/x/main/Packages.xz"));
        var unread = backlog.Unread(Package);
        index.Dispose();

        Assert.False(unread.IsEmpty); // so that the catalog is asked again
        await backlog.WaitAsync(unread.Indexes, Cancellation);
    }

    [Fact]
    public async Task Wait_LongerThanAllowed_Ends()
    {
        var backlog = Backlog();
        using var slow = backlog.Passing(Origin("http://archive.test/debian/dists/x/InRelease"));

        var waiting = backlog.WaitAsync(backlog.Unread(Package).Releases, Cancellation);
        _time.Advance(_options.IndexWait - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await waiting;
    }

    [Fact]
    public async Task Request_WhileTheIndexThatNamesItIsBeingRead_IsFetchedAndStored()
    {
        await using var rig = await ProxyRig.StartAsync("127.50.4.1", "--Proxy:IndexWait=25s");
        var learning = rig.Services.GetRequiredService<CatalogLearning>();
        var package = new ProxyPackage(1, TestContent.Bytes(1000));
        var index = Packages(($"pool/{package.Name}", package.Hash, package.Bytes.Length));
        var (indexHash, other) = (ContentHash.Of(index), Packages(("pool/x", Hash("x"), 1)));
        rig.Mirror.Add(package.Hash, package.Channel).Add(indexHash, new InMemoryChannel("archive.test", index));
        await learning.LearnReleaseAsync(
            Origin("http://archive.test/debian/dists/test/InRelease"), Release(("main/Packages", index), ("contrib/Packages", other)),
            Cancellation);
        var gate = new TaskCompletionSource<Stream>();
        var isRead = new TaskCompletionSource();
        var slow = learning.LearnIndexAsync(
            Origin("http://archive.test/debian/dists/test/contrib/Packages"), ContentHash.Of(other), () => ValueTaskOf(gate.Task, isRead),
            Cancellation);
        await isRead.Task.WaitAsync(Cancellation); // indexes are read one after the other, so nothing is learned before the gate opens
        using var unknown = new UnknownRequests();
        using var client = await rig.ConnectAsync();
        await using var stream = new NetworkStream(client);

        await WriteAsync(stream, rig, $"dists/test/main/by-hash/SHA256/{indexHash}");
        Assert.Equal(index, Assert.Single(await ProxyRig.ReadAsync(stream, 1)).Body);
        await WriteAsync(stream, rig, $"pool/{package.Name}");
        await unknown.Seen.WaitAsync(Cancellation);
        gate.SetResult(new MemoryStream(other));

        // there is no such mirror to pass it through to
        Assert.Equal(package.Bytes, Assert.Single(await ProxyRig.ReadAsync(stream, 1)).Body);
        await slow;
    }

    private static async ValueTask<Stream> ValueTaskOf(Task<Stream> stream, TaskCompletionSource called)
    {
        called.SetResult();
        return await stream;
    }

    private static Task WriteAsync(NetworkStream stream, ProxyRig rig, string path) =>
        stream
            .WriteAsync(Encoding.ASCII.GetBytes($"GET /archive.test/debian/{path} HTTP/1.1\r\nHost: {rig.EndPoint}\r\n\r\n"), Cancellation)
            .AsTask();

    private IndexBacklog Backlog() => new(Options.Create(_options), _time);

    /// <summary>Sees that the catalog was asked for something that it does not know.</summary>
    private sealed class UnknownRequests : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public UnknownRequests()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "aptp2p.catalog.requests")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag.Value is false)
                    {
                        _seen.TrySetResult();
                    }
                }
            });
            _listener.Start();
        }

        public Task Seen => _seen.Task;

        public void Dispose() => _listener.Dispose();
    }
}
