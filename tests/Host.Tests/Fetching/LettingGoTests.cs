using AptP2P.Host.Fetching;
using AptP2P.Host.Sharing;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>
/// A fetch has ended without its content, and somebody who reads from it takes his time: whoever wants the content anew does not wait for
/// him.
/// </summary>
public sealed class LettingGoTests
{
    private const int Length = 2_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Join_APeerStillReadsWhatHasEnded_IsNotWaitedFor()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror(ChannelAct.Stall(1_100_000));
        rig.EndSearch();

        rig.Thread.Run(async () =>
        {
            var reader = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            await mirror.StalledAsync(Cancellation);
            var fetch = rig.Fetcher.Find(rig.Content.Hash)!;
            Assert.True(fetch.TryObserve());
            await using var peer = new SharedFetch(fetch, new SharedBytes());
            await reader.DisposeAsync(); // apt was interrupted

            Assert.Equal(rig.Bytes, (await rig.ReadToEndAsync()).Bytes);
            Assert.True(fetch.Released.IsCancellationRequested); // which ends its answer, however slow it is
            Assert.Equal(0, await peer.ReadAsync(0, new byte[1], Cancellation));
        });

        Assert.InRange(rig.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Join_AClientIsSlowToHearThatItFailed_IsWaitedForAMomentOnly()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        rig.AddMirror(ChannelAct.Cut(1_100_000));
        rig.EndSearch();

        rig.Thread.Run(async () =>
        {
            await using var slow = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            Assert.NotNull((await rig.ReadToEndAsync()).Failure);
            var ended = rig.Time.Elapsed;
            Assert.False(slow.Released.IsCancellationRequested); // nobody wants it

            Assert.Equal(rig.Bytes, (await rig.ReadToEndAsync()).Bytes);
            Assert.True(slow.Released.IsCancellationRequested);
            Assert.InRange(rig.Time.Elapsed - ended, new FetchOptions().LetGo, TimeSpan.FromSeconds(5));
        });
    }

    [Fact]
    public void Fetch_PublishedWhileAPeerReads_ThePeerMayReadOn()
    {
        using var rig = new FetchRig(TestContent.Bytes(Length));
        var mirror = rig.AddMirror();
        rig.EndSearch();

        rig.Thread.Run(async () =>
        {
            await using var reader = (await rig.Fetcher.JoinAsync(rig.Content, Cancellation))!;
            var fetch = rig.Fetcher.Find(rig.Content.Hash)!;
            Assert.True(fetch.TryObserve());
            await reader.Outcome;

            Assert.False(fetch.Released.IsCancellationRequested); // it has what the peer reads, which keeps nobody from anything
            fetch.Unobserve();
        });

        Assert.Equal(Length, mirror.BytesRead);
    }
}
