using System.Net.Sockets;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>That others do not reach this node, in words for the operator.</summary>
internal static class ReachProblem
{
    /// <summary>One for both families, since one thing to do at a time is enough: what keeps others out over IPv4 comes first.</summary>
    public static StatusProblem? Of(IReadOnlyList<ReachWatch> watches)
    {
        ReachWatch[] shut = [.. watches.Where(static watch => watch.Advice is not null)];
        if (shut is not [var first, ..] || first.Advice is not { } advice)
        {
            return null; // or it has opened meanwhile
        }

        var families = string.Join(" or ", shut.Select(static watch => NameOf(watch.Family)));
        return new StatusProblem(
            "notReached",
            $"Others do not reach this node over {families}: {first.State.Reason(first.Family)}",
            watches.Any(static watch => watch.State.IsConfirmed) ? ProblemSeverity.Notice : ProblemSeverity.Warning,
            $"{char.ToUpperInvariant(advice[0])}{advice[1..]}.");
    }

    public static string NameOf(AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
}
