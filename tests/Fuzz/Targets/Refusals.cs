extern alias Peers;

using System.Net;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Peers::AptP2P.Source.Peers.Addresses;
using Peers::AptP2P.Source.Peers.Configuration;
using Peers::AptP2P.Source.Peers.Reputation;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// The file of refused peers: whatever is in it, the plugin starts; who lies afterwards is refused, and still is after a restart.
/// </summary>
internal static class Refusals
{
    private static readonly IPEndPoint Liar = new(IPAddress.Parse("192.0.2.7"), 9977);
    // afl-fuzz kills its target, which could clean nothing up
    private static readonly string FilePath = Path.Combine(AppContext.BaseDirectory, "refusals");

    public static void Check(ReadOnlySpan<byte> input)
    {
        File.WriteAllBytes(FilePath, input);
        var time = new VirtualTime();
        var reputation = New(time);
        Run(reputation, input.Length, static reputation => reputation.WasWrong(Liar, "it lies"));
        Assert.False(reputation.IsWelcome(Liar), "a liar is welcome");

        var restarted = New(time);
        Run(restarted, input.Length + 64, static _ => { });
        Assert.False(restarted.IsWelcome(Liar), "a restart has a liar forgotten");
        Assert.Equal(Describe(reputation), Describe(restarted));
    }

    private static PeerReputation New(TimeProvider time) =>
        new(
            Options.Create(new PeersOptions()), new PeerParties(new ListedAddresses("127.0.0.1")),
            new NearPeers(Options.Create(new PeersOptions()), time), time, NullLogger<PeerReputation>.Instance);

    private static void Run(PeerReputation reputation, int length, Action<PeerReputation> act)
    {
        using var file = new RefusalFile(FilePath, reputation, NullLogger<RefusalFile>.Instance);
        var allowance = Allowance.Begin();
        file.StartAsync(CancellationToken.None).GetAwaiter().GetResult(); // fuzzing is one call after the other
        allowance.End(length, each: 64, fixedCost: 32 << 10);
        act(reputation);
        file.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private static IEnumerable<string> Describe(PeerReputation reputation) =>
        reputation
            .Refused.Entries.Select(pause => $"{pause.Key} {pause.Count} {pause.Until.ToUnixTimeSeconds()}")
            .Order(StringComparer.Ordinal);
}
