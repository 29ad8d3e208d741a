namespace AptP2P.Source.Mirror;

/// <summary>By what an origin tells one version of a file from another (RFC 9110, 8.8).</summary>
internal readonly record struct Validators(string? StrongETag, DateTimeOffset? LastModified)
{
    public static Validators Of(HttpResponseMessage response) => new(
        response.Headers.ETag is { IsWeak: false } etag ? etag.Tag : null,
        response.Content.Headers.LastModified);

    /// <summary>
    /// Whether an earlier and a later answer are of different versions for all that can be told. One equal validator is enough: the
    /// machines behind one name often disagree in the ETag of a file they all have.
    /// </summary>
    public bool Contradict(Validators later)
    {
        var sameETag = StrongETag is null || later.StrongETag is null ? (bool?)null : StrongETag == later.StrongETag;
        var sameDate = LastModified is null || later.LastModified is null ? (bool?)null : LastModified == later.LastModified;
        return (sameETag, sameDate) is (false, not true) or (not true, false);
    }
}
