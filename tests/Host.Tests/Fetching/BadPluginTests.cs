using System.Runtime.CompilerServices;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Policy;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// A plugin's policy or source that throws, blocks, or never comes back: apt has its file from the mirror, and the next fetch begins.
/// </summary>
public sealed class BadPluginTests
{
    private const int Small = 50_000;
    private const int Length = 2_000_000;

    private static readonly SourcePlan Nothing = new(Origin: false, PeerUse.None);

    public static TheoryData<string> Policies => [.. Plans.Keys];

    private static Dictionary<string, Func<FetchState, SourcePlan>> Plans { get; } =
        new()
        {
            ["nothing, for ever"] = _ => Nothing,
            ["no origin, though it may work"] = _ => new SourcePlan(Origin: true, PeerUse.None, Origins: 0),
            ["fewer than none"] = _ => new SourcePlan(Origin: true, PeerUse.None, Origins: -1),
            ["peers only"] = _ => new SourcePlan(Origin: false, PeerUse.Search),
            ["peers of an unknown kind"] = _ => new SourcePlan(Origin: false, (PeerUse)99),
            ["asks again at once"] = _ => Nothing with { AskAgain = TimeSpan.Zero },
            ["asks again in the past"] = _ => Nothing with { AskAgain = TimeSpan.FromSeconds(-5) },
            ["asks again in an age"] = _ => Nothing with { AskAgain = TimeSpan.MaxValue },
            ["throws"] = _ => throw new InvalidOperationException("a bug"),
            ["throws after a while"] = state =>
                state.Elapsed > TimeSpan.FromMilliseconds(1) ? throw new InvalidOperationException("a bug") : Nothing,
        };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Fetch_ThePolicyIsBad_TheMirrorGivesItInTime(string name)
    {
        using var rig = new FetchRig(TestContent.Bytes(Length), plugin: new BadPolicy(Plans[name]));
        rig.AddMirror();
        rig.EndSearch();

        var (bytes, failure) = rig.Read();

        Assert.Null(failure);
        Assert.Equal(rig.Bytes, bytes);
        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, new ChannelOptions().OriginAnyway + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Fetch_ThePolicyNeverReturns_TheMirrorGivesItInTimeAndTheNextAtOnce()
    {
        using var gate = new ManualResetEventSlim();
        using var rig = new FetchRig(TestContent.Bytes(Length), plugin: new BadPolicy(_ =>
        {
            gate.Wait(CancellationToken.None);
            return Nothing;
        }));
        rig.AddMirror(ChannelAct.Right, ChannelAct.Cut(0));
        rig.EndSearch();
        try
        {
            Assert.Equal(rig.Bytes, rig.Read().Bytes);
            Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
        finally
        {
            gate.Set();
        }
    }

    [Fact]
    public void Fetch_OnePlansNothingAndTheMirrorIsSlow_TheMirrorStaysAtWork()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length), plugin: new BadPolicy(_ => Nothing));
        rig.AddMirror().Otherwise = ChannelAct.Slow(1_000_000);
        rig.EndSearch();

        Assert.Equal(rig.Bytes, rig.Read().Bytes);
        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, new ChannelOptions().OriginAnyway + TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("opens nothing, for ever")]
    [InlineData("throws when it opens")]
    [InlineData("throws on its way")]
    [InlineData("never tells what it has")]
    [InlineData("never ends a read")]
    [InlineData("throws when it reads")]
    [InlineData("is never disposed")]
    [InlineData("throws when it is disposed")]
    public void Fetch_ASourceOfPeersIsBad_TheMirrorGivesItAndTheNextFetchBegins(string fault)
    {
        var time = new VirtualTime();
        var bytes = TestContent.Bytes(Length);
        var mirror = new InMemoryChannel("mirror.test", bytes, time);
        var origin = new InMemorySource("mirror", SourceRole.Origin).Add(ContentHash.Of(bytes), mirror);
        using var rig = new FetchRig(bytes, time: time, sources: [origin, new BadSource(fault, SourceRole.Peers)]);

        for (var run = 0; run < 2; run++)
        {
            var (read, failure) = rig.Read();

            Assert.Null(failure);
            Assert.Equal(bytes, read);
            rig.WaitForEnd();
            rig.Thread.Run(() => rig.Store.EvictAsync(rig.Content.Hash, TestContext.Current.CancellationToken).AsTask());
        }

        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
    }

    [Theory]
    [InlineData("opens nothing, for ever")]
    [InlineData("throws when it opens")]
    public void Fetch_TheOriginsSourceIsBad_TheRequestIsPassedThroughInTime(string fault)
    {
        using var rig = new FetchRig(TestContent.Bytes(Length), sources: [new BadSource(fault, SourceRole.Origin)]);

        var failure = rig.Read().Failure;

        Assert.NotNull(failure);
        Assert.Null(failure.AtOrigin); // nobody has heard of the origin, so it is asked
        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, new ChannelOptions().OriginAnyway + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Fetch_ASourceBlocksItsThread_TheMirrorGivesIt()
    {
        using var gate = new ManualResetEventSlim();
        var bytes = TestContent.Bytes(Small); // nothing has to wait for a timer
        var origin = new InMemorySource("mirror", SourceRole.Origin).Add(ContentHash.Of(bytes), new InMemoryChannel("mirror.test", bytes));
        using var rig = new FetchRig(
            bytes, policy: new FewPeersOptions { NeighbourBudget = TimeSpan.Zero },
            sources: [origin, new BadSource("blocks", SourceRole.Peers) { Gate = gate }]);
        try
        {
            var (read, failure) = await Task.Run(() => rig.ReadToEndAsync(), TestContext.Current.CancellationToken);

            Assert.Null(failure);
            Assert.Equal(bytes, read);
        }
        finally
        {
            gate.Set();
        }
    }

    private sealed class BadPolicy(Func<FetchState, SourcePlan> decide) : ISourcePolicy
    {
        public string Name => "bad";

        public SourcePlan Decide(in FetchState state) => decide(state);
    }

    private sealed class BadSource(string fault, SourceRole role) : ISource
    {
        private readonly Task _never = new TaskCompletionSource().Task;

        public string Name => "bad";

        public SourceRole Role => role;

        public ManualResetEventSlim? Gate { get; init; }

        public IAsyncEnumerable<IChannel> OpenAsync(Content content, SearchEffort effort, CancellationToken cancellationToken)
        {
            Gate?.Wait(CancellationToken.None);
            return fault == "throws when it opens" ? throw new InvalidOperationException("a bug") : Open(CancellationToken.None);
        }

        private async IAsyncEnumerable<IChannel> Open([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (fault == "opens nothing, for ever")
            {
                await _never;
            }

            for (var i = 0; i < 3; i++)
            {
                yield return new BadChannel(fault, $"bad{i}", _never);
                if (fault == "throws on its way")
                {
                    throw new InvalidOperationException("a bug");
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed class BadChannel(string fault, string name, Task never) : IChannel
    {
        public string Name => name;

        public ChannelDistance Distance => ChannelDistance.Other;

        public async ValueTask<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
        {
            await (fault == "never tells what it has" ? never : Task.CompletedTask);
            return TestContent.PiecesOf(TestContent.Bytes(Length)); // so that it is asked for bytes
        }

        public async Task<ChannelResult> ReadAsync(ByteRange range, IChannelSink sink, CancellationToken cancellationToken)
        {
            await (fault == "never ends a read" ? never : Task.CompletedTask);
            return fault == "throws when it reads"
                ? throw new InvalidOperationException("a bug")
                : new ChannelResult(ChannelOutcome.Gone, "it has nothing");
        }

        public void Blame(string reason)
        {
        }

        public async ValueTask DisposeAsync()
        {
            await (fault == "is never disposed" ? never : Task.CompletedTask);
            if (fault == "throws when it is disposed")
            {
                throw new InvalidOperationException("a bug");
            }
        }
    }
}
