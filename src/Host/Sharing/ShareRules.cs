using AptP2P.Host.Catalog.Archives;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Of which archives' files peers may hear: by what is given and announced, and by what is looked up and asked for, since a question tells
/// what is installed here as an answer does.
/// </summary>
/// <param name="options">What the operator wants.</param>
/// <param name="publicArchives">What is known of archives; without it all of them are public.</param>
internal sealed class ShareRules(IOptions<SharingOptions> options, PublicArchives? publicArchives)
{
    private readonly SharingOptions _options = options.Value;

    /// <summary>With whom anything is shared.</summary>
    public PeerReach Reach => _options.Reach;

    /// <summary>Whether every content is shared, whichever archive it is from.</summary>
    private bool IsEverythingShared =>
        Reach != PeerReach.Off && _options.ExceptArchives is [] && Array.Exists(_options.Archives, pattern => pattern.IsAll);

    /// <summary>Whether a content is shared: one shared archive that has it is enough.</summary>
    public bool Allow(Content content) =>
        IsEverythingShared
        || content.Origins.Any(origin => Judge(origin.Authority, Uri.UnescapeDataString(origin.RawPath)) == ShareVerdict.Shared);

    /// <summary>Whether files of an archive are given to peers.</summary>
    /// <param name="authority">Host, and the port where it is not the scheme's own.</param>
    /// <param name="path">Of a file, decoded.</param>
    public ShareVerdict Judge(string authority, string path)
    {
        if (Reach == PeerReach.Off || Array.Exists(_options.ExceptArchives, pattern => pattern.Matches(authority, path)))
        {
            return ShareVerdict.Unwanted;
        }

        if (Array.Exists(_options.Archives, pattern => pattern.Matches(authority, path)))
        {
            return ShareVerdict.Shared; // whatever it is: the operator knows
        }

        return _options.Archives is [] || Array.Exists(_options.Archives, pattern => pattern.IsPublicOnes)
            ? JudgeUnlisted(HostOf(authority), path)
            : ShareVerdict.Unwanted;
    }

    /// <summary>Has the addresses of a content's archives looked up, where they are not known.</summary>
    public void LookUp(Content content)
    {
        foreach (var origin in content.Origins)
        {
            if (Judge(origin.Authority, Uri.UnescapeDataString(origin.RawPath)) == ShareVerdict.Unknown)
            {
                publicArchives?.LookUp(origin.Host);
            }
        }
    }

    public static string HostOf(string authority)
    {
        var colon = authority.IndexOf(':', authority.LastIndexOf(']') + 1); // an IPv6 address has colons of its own
        return colon < 0 ? authority : authority[..colon];
    }

    private ShareVerdict JudgeUnlisted(string host, string path) =>
        PrivatePath.Find(host, path) is not null ? ShareVerdict.PrivatePath
        : publicArchives is null ? ShareVerdict.Shared
        : publicArchives.NeedsPassword(host, path) ? ShareVerdict.Password
        : publicArchives.IsPublic(host) switch
        {
            true => ShareVerdict.Shared,
            false => ShareVerdict.PrivateAddress,
            null => ShareVerdict.Unknown,
        };
}
