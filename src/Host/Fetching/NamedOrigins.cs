using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Storage.Files;

namespace AptP2P.Host.Fetching;

/// <summary>
/// Whose word a client has asked for: the origin that it named, and those that the operator says are the same archive. Another archive
/// whose index has the same hash may be any stranger's, and so may its bytes.
/// </summary>
internal sealed class NamedOrigins(MirrorList mirrors)
{
    /// <summary>Those of a content's origins.</summary>
    public IEnumerable<Origin> Of(Content content)
    {
        if (content.Origins.IsEmpty)
        {
            return [];
        }

        var archive = mirrors.Of(content.Origins[0]);
        return content.Origins.Where(origin => archive.Any(named => named.Scheme == origin.Scheme && named.Authority == origin.Authority));
    }

    /// <summary>The names of channels to the others of them.</summary>
    public IReadOnlySet<string> OthersOf(Content content) =>
        content.Origins.Length < 2
            ? FrozenSet<string>.Empty
            : content.Origins.Except(Of(content)).SelectMany(origin => (string[])[origin.Authority, origin.ToString()]).ToHashSet();

    /// <summary>
    /// Whether what a fetch brings is what a client would get without us: the same bytes, of the same archive, and nothing over http for
    /// one that asked for https.
    /// </summary>
    public bool AreShared(Content fetched, Content wanted) =>
        fetched.Length == wanted.Length
        && ((fetched.Origins.IsEmpty && wanted.Origins.IsEmpty) || Of(fetched).Any(one => Of(wanted).Any(other => IsSame(one, other))));

    /// <summary>
    /// Continues an unfinished content for a client. What another archive has left there is dropped: it is that archive's word alone.
    /// </summary>
    public async ValueTask ClaimAsync(IPartialContent partial, Content wanted, CancellationToken cancellationToken)
    {
        if (partial is IVouchedContent vouched && Of(wanted).ToArray() is { Length: > 0 } named)
        {
            if (vouched.Voucher is { } left && !named.Any(origin => NumberOf(origin) == left || NumberOf(Secured(origin)) == left))
            {
                await partial.UnmarkAllAsync(cancellationToken);
            }

            vouched.Voucher = NumberOf(named[0]);
        }
    }

    /// <summary>A number that stands for an origin, the same after a restart.</summary>
    private static long NumberOf(Origin origin)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{origin.Scheme}://{origin.Authority}{origin.RawPath}"));
        return (BinaryPrimitives.ReadInt64BigEndian(digest) & long.MaxValue) | 1;
    }

    private static Origin Secured(Origin origin) =>
        origin with
        {
            Scheme = "https",
            Port = origin.IsDefaultPort ? Origin.DefaultPort("https") : origin.Port,
        };

    private static bool IsSame(Origin fetched, Origin wanted) =>
        fetched.Authority == wanted.Authority
        && fetched.RawPath == wanted.RawPath
        && (fetched.Scheme == wanted.Scheme || fetched.Scheme == "https");
}
