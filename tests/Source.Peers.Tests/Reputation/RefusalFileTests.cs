using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Reputation;

public sealed class RefusalFileTests : IDisposable
{
    private static readonly IPEndPoint Liar = new(IPAddress.Parse("192.0.2.7"), 9977);
    private static readonly IPEndPoint OtherLiar = new(IPAddress.Parse("2001:db8::7"), 9977);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refusals");
    private readonly VirtualTime _time = new();

    private string Path => System.IO.Path.Combine(_folder.FullName, "refusals");

    [Fact]
    public async Task Restart_Refused_StillRefused()
    {
        await RunAsync(reputation =>
        {
            reputation.WasWrong(Liar, "sent piece 3 of\nit");
            reputation.WasWrong(OtherLiar, "");
        });

        await RunAsync(reputation =>
        {
            Assert.False(reputation.IsWelcome(Liar));
            Assert.Equal(
                ["sent piece 3 of it", null],
                reputation.Refused.Running.OrderBy(pause => pause.Key.AddressFamily).Select(pause => pause.Why));
            Assert.False(reputation.IsWelcome(new IPEndPoint(IPAddress.Parse("2001:db8::8"), 1))); // its /64, any port
            _time.Advance(TimeSpan.FromMinutes(10));
            Assert.True(reputation.IsWelcome(Liar));
            reputation.WasWrong(Liar, "again");
        });

        await RunAsync(reputation =>
        {
            _time.Advance(TimeSpan.FromMinutes(39));
            Assert.False(reputation.IsWelcome(Liar)); // the growth is remembered too
        });
    }

    [Fact]
    public async Task Start_FileOfAnOlderVersionOrOfAnotherClock_RefusedNoLongerThanItCouldBe()
    {
        await File.WriteAllTextAsync(Path, "192.0.2.7 1 99999999999\n", TestContext.Current.CancellationToken);

        await RunAsync(reputation =>
        {
            Assert.False(reputation.IsWelcome(Liar));
            _time.Advance(new PeersOptions().LongestRefusal);
            Assert.True(reputation.IsWelcome(Liar));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("192.0.2.1 1")]
    [InlineData("192.0.2.1 1 99999999999999999999")]
    [InlineData("192.0.2.1 1 9999999999999999")]
    [InlineData("192.0.2.1 99999999999 1")]
    [InlineData("\0\0\0\0")]
    public async Task Start_DamagedFile_StartsAndWritesItAnew(string text)
    {
        await File.WriteAllTextAsync(Path, text, TestContext.Current.CancellationToken);

        await RunAsync(reputation => reputation.WasWrong(Liar, "test"));

        await RunAsync(reputation => Assert.False(reputation.IsWelcome(Liar)));
    }

    [Fact]
    public async Task Stop_FolderGone_NoFailure()
    {
        await RunAsync(reputation =>
        {
            _folder.Delete(recursive: true);
            reputation.WasWrong(Liar, "test");
        });

        Assert.False(File.Exists(Path));
        _folder.Create();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task RunAsync(Action<PeerReputation> act)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var reputation = Home.NewReputation(new PeersOptions(), _time);
        using var file = new RefusalFile(Path, reputation, NullLogger<RefusalFile>.Instance);
        await file.StartAsync(cancellation);
        act(reputation);
        await file.StopAsync(cancellation);
    }
}
