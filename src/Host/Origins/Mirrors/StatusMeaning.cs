using System.Net;

namespace AptP2P.Host.Origins.Mirrors;

/// <summary>What a status says when there is somebody else to ask.</summary>
internal static class StatusMeaning
{
    /// <summary>Whether it speaks of the server's state, not of the file (RFC 9110, 15.5.9 and 15.6; RFC 6585, 4).</summary>
    public static bool IsTrouble(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>
    /// Whether an address may have had its time: a signature or a token that has expired, a file that a mirror no longer has, or not yet.
    /// </summary>
    public static bool IsOver(HttpStatusCode status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone;
}
