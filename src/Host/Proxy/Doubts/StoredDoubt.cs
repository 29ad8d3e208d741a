using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Storage.Checking;

namespace AptP2P.Host.Proxy.Doubts;

/// <summary>Which requests doubt what is stored, so that it is verified before it is given out once more.</summary>
internal sealed class StoredDoubt(RepeatedRequests repeats, StoreCheck check)
{
    /// <summary>apt asks again at once, a person soon.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(10);

    /// <summary>And a timer some times a day, for what it did not get the last time.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(1);

    /// <summary>
    /// A content that a client asks for again, but not at once, must have been verified within this time: a machine that is set up several
    /// times a day has a good reason to ask. The same holds for an index by its hash with <c>max-age=0</c>, which apt says of each index by
    /// habit: no newer bytes can be meant.
    /// </summary>
    private static readonly TimeSpan VerifiedLately = TimeSpan.FromHours(1);

    /// <summary>Whether a stored content may be given in answer to a request. If not, it was damaged and is gone.</summary>
    public ValueTask<bool> IsGoodAsync(HttpContext context, Origin origin, ContentHash hash)
    {
        return HttpMethods.IsGet(context.Request.Method) && DoubtOf(context, origin, hash) is { } within && !check.IsVerified(hash, within)
            ? VerifyAsync()
            : new(true);

        async ValueTask<bool> VerifyAsync() => await check.VerifyAsync(hash, context.RequestAborted) == StoreVerdict.Right;
    }

    /// <summary>Whether the client was just given this. If its bytes are right, then another file is meant by now.</summary>
    public bool IsAskedAgain(HttpContext context, ContentHash hash) =>
        HttpMethods.IsGet(context.Request.Method)
        && (
            repeats.SinceGiven(context.Connection.RemoteIpAddress!, hash) < AtOnce
            || repeats.SinceGiven(context.Connection.RemoteIpAddress!, hash, isNew: true) < AtOnce);

    /// <summary>
    /// An answer from the store begins. The client may ask again before we know that it has the end, and apt leaves as soon as it sees a
    /// length that it does not like.
    /// </summary>
    /// <param name="context">Whose.</param>
    /// <param name="hash">What is given.</param>
    /// <param name="status">How.</param>
    /// <param name="isNew">Whether it is not from the store yet, but from the fetch that fills it.</param>
    public void Answering(HttpContext context, ContentHash hash, int status, bool isNew = false)
    {
        if (HttpMethods.IsGet(context.Request.Method) && status == StatusCodes.Status200OK)
        {
            repeats.Given(context.Connection.RemoteIpAddress!, hash, isNew);
        }
    }

    /// <summary>It has ended.</summary>
    /// <param name="context">Whose.</param>
    /// <param name="hash">What was given.</param>
    /// <param name="isSent">Whether to its end. If not, the client has left, or the file is shorter than it was.</param>
    public void Answered(HttpContext context, ContentHash hash, bool isSent)
    {
        if (!isSent)
        {
            check.Suspect(hash);
        }

        Answering(context, hash, context.Response.StatusCode); // once more: a large file takes its time
    }

    /// <returns>Within which time the content must have been verified; nothing where there is no doubt.</returns>
    private TimeSpan? DoubtOf(HttpContext context, Origin origin, ContentHash hash)
    {
        if (context.Request.Headers.CacheControl.Count > 0 && context.Request.GetTypedHeaders().CacheControl is { } wish)
        {
            if (wish.NoCache)
            {
                return StoreCheck.DoubtAgain;
            }

            if (wish.MaxAge == TimeSpan.Zero)
            {
                return ArchiveCatalog.IsByHash(origin) ? VerifiedLately : StoreCheck.DoubtAgain;
            }
        }

        return repeats.SinceGiven(context.Connection.RemoteIpAddress!, hash) is not { } since || since > Soon ? null
            : since > AtOnce ? VerifiedLately
            : StoreCheck.DoubtAgain;
    }
}
