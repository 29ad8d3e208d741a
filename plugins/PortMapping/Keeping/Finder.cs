using System.Net;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Keeping;

/// <summary>
/// Finds the protocol by which a router maps the port. All are asked side by side whether they are there, which leaves nothing behind; then
/// one after the other for the port, since they share one table in most routers, and what one takes away is gone for the others.
/// </summary>
internal sealed class Finder(Gateway gateway, KeeperSetup setup)
{
    /// <summary>Where a protocol has answered, a better one may still do so for this long.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(250);

    /// <param name="before">What stood until now: it is taken away first.</param>
    /// <param name="trying">Is told of each claim before it asks for anything, so that it can be taken away.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What stands, if anything; and why not all of it.</returns>
    public async Task<(Claim? Claim, string? Reason)> FindAsync(Claim? before, Action<Claim> trying, CancellationToken cancellationToken)
    {
        if (before is not null)
        {
            await before.ReleaseAsync(cancellationToken);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var searches = setup.Protocols.Where(protocol => protocol.IsFor(gateway.Family))
            .Select(protocol => (protocol.Name, Task: protocol.FindAsync(gateway, end.Token))).ToList();
        var names = searches.ConvertAll(search => search.Name);
        try
        {
            var refusals = new List<string>();
            var (partly, behind) = (default(Claim), default(IPAddress));
            var open = searches.ToList();
            while (open.Count > 0)
            {
                var next = await NextAsync(open, cancellationToken);
                open.Remove(next);
                if (await next.Task is not { } dialog)
                {
                    setup.Attempted(next.Name, "absent");
                    continue;
                }

                var claim = new Claim(gateway, dialog, setup);
                trying(claim);
                await claim.MapAsync(cancellationToken);
                setup.Attempted(next.Name, claim.IsWhole ? "mapped" : claim.IsEmpty ? "refused" : "partly");
                if (claim.IsWhole)
                {
                    return (claim, null);
                }

                behind ??= claim.Behind;
                refusals.Add($"{next.Name}: {claim.Refusal ?? (claim.WasSilent ? "it does not answer" : "no way in")}");
                partly ??= claim.IsEmpty ? null : claim;
                await claim.ReleaseAsync(cancellationToken);
            }

            return await ConcludeAsync(partly, behind, names, refusals, cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(searches.Select(Task (search) => search.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(Claim? Claim, string? Reason)> ConcludeAsync(
        Claim? partly, IPAddress? behind, List<string> names, List<string> refusals, CancellationToken cancellationToken)
    {
        var router = $"the router at {gateway.Address}";
        if (behind is not null)
        {
            return (null, behind.Scope().IsLocal()
                ? $"{router} has the private address {behind} itself: another router is in front of it"
                : $"{router} says that it is at {behind} itself, which leads nobody here");
        }

        if (partly is not null)
        {
            await partly.MapAsync(cancellationToken);
            if (partly.IsWhole)
            {
                return (partly, null);
            }

            if (!partly.IsEmpty)
            {
                return (partly, partly.Tcp is null
                    ? $"{router} passes UDP and not TCP ({string.Join("; ", refusals)})"
                    : $"{router} passes TCP and not UDP ({string.Join("; ", refusals)})");
            }
        }

        return (null, refusals.Count > 0
            ? $"{router} refused ({string.Join("; ", refusals)})"
            : $"no router at {gateway.Address} answers {Listed(names)}");
    }

    private static string Listed(List<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

    /// <summary>The first that is there, or a better one soon after it.</summary>
    private async Task<(string Name, Task<IRouterDialog?> Task)> NextAsync(
        List<(string Name, Task<IRouterDialog?> Task)> open, CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(open.Select(search => search.Task)).WaitAsync(cancellationToken);
        if (await first is null)
        {
            return open.Find(search => search.Task == first);
        }

        var better = open.TakeWhile(search => search.Task != first).Select(search => search.Task).ToArray();
        try
        {
            await Task.WhenAll(better).WaitAsync(Courtesy, setup.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // the first it is
        }

        return open.Find(search => search.Task.IsCompleted);
    }
}
