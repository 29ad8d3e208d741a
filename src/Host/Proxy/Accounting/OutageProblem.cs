using System.Globalization;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Shared;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>Says on the status page that mirrors do not answer, and what apt gets in their place.</summary>
internal static class OutageProblem
{
    private const int MostNamed = 3;

    /// <summary>At most one problem, for all mirrors.</summary>
    public static IEnumerable<StatusProblem> Of(IReadOnlyList<Outage> outages, TimeProvider time)
    {
        if (outages.Count == 0)
        {
            yield break;
        }

        var isError = outages.Any(outage => outage.Errors > 0);
        var named = outages.OrderByDescending(outage => outage.Errors > 0).Take(MostNamed).Select(outage => Describe(outage, time));
        var more = outages.Count > MostNamed ? $". {outages.Count - MostNamed} more mirrors do not answer either" : "";
        yield return new StatusProblem(
            "mirrorAway", string.Join(". ", named) + more, isError ? ProblemSeverity.Error : ProblemSeverity.Warning,
            isError
                ? "See whether this machine has a network and the mirror's name in apt's sources is right, or list another mirror of the "
                    + "same archive: [Origins] Mirrors."
                : "apt works on with the last good copies, and sees nothing newer until the mirror answers. If that takes long, list "
                    + "another mirror of the same archive: [Origins] Mirrors.");
    }

    private static string Describe(Outage outage, TimeProvider time)
    {
        var zone = time.LocalTimeZone;
        var (since, now) = (TimeZoneInfo.ConvertTime(outage.Since, zone), TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone));
        var when = since.ToString(since.Date == now.Date ? "HH:mm" : "d MMMM HH:mm", CultureInfo.InvariantCulture);
        var copies = outage.Copies switch
        {
            0 => "",
            1 => "; 1 file was served from a copy",
            _ => $"; {outage.Copies} files were served from copies",
        };
        var errors = outage.Errors switch { 0 => "", 1 => "; apt got 1 error", _ => $"; apt got {outage.Errors} errors" };
        return $"{Printable.Of(outage.Origin)} has not answered since {when}{copies}{errors}";
    }
}
