using Microsoft.Extensions.Options;

namespace AptP2P.Host.Sharing;

/// <summary>Which archives' files are given to peers.</summary>
internal sealed class ShareRules(IOptions<SharingOptions> options)
{
    private readonly SharingOptions _options = options.Value;

    /// <summary>Whether nothing is given to anybody.</summary>
    public bool IsNothingShared => !_options.Share;

    /// <summary>Whether it does not matter where a content is from.</summary>
    public bool IsEverythingShared =>
        _options is { Share: true, ExceptArchives: [] } && (_options.Archives is [] || Array.Exists(_options.Archives, pattern => pattern.IsAll));

    /// <summary>Whether files of an archive are given to peers.</summary>
    public bool Allow(string authority, string path) =>
        _options.Share
        && (_options.Archives is [] || Array.Exists(_options.Archives, pattern => pattern.Matches(authority, path)))
        && !Array.Exists(_options.ExceptArchives, pattern => pattern.Matches(authority, path));

    /// <summary>Whether a content is: that a shared archive has it too makes it public.</summary>
    public bool Allow(Content content) =>
        IsEverythingShared || content.Origins.Any(origin => Allow(origin.Authority, Uri.UnescapeDataString(origin.RawPath)));
}
