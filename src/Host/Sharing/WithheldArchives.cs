using System.Collections.Concurrent;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Archives that apt uses here and that are not shared, though the configuration does not forbid it. The log names each once, with what to
/// set.
/// </summary>
internal sealed partial class WithheldArchives(ShareRules rules, ILogger<WithheldArchives> logger)
{
    private const int MaxArchives = 100; // more than any machine has; clients name them, and each is a line of the log

    private readonly ConcurrentDictionary<string, (string Authority, string Path)> _archives = new();

    /// <summary>Those that are still not shared, as they would be listed, each with the reason.</summary>
    public IEnumerable<string> All =>
        from archive in _archives
        let reason = Explain(rules.Judge(archive.Value.Authority, archive.Value.Path))
        where reason is not null
        orderby archive.Key
        select $"{archive.Key} ({reason})";

    /// <summary>Takes note of a content that peers do not hear of.</summary>
    public void Note(Content content)
    {
        foreach (var origin in content.Origins)
        {
            var (authority, path) = (origin.Authority, Uri.UnescapeDataString(origin.RawPath));
            var verdict = rules.Judge(authority, path);
            // without the secret
            var pattern = verdict == ShareVerdict.PrivatePath ? PrivatePath.Find(ShareRules.HostOf(authority), path)! : authority;
            if (Explain(verdict) is { } reason && _archives.Count < MaxArchives && _archives.TryAdd(pattern, (authority, path)))
            {
                LogWithheld(pattern, reason);
            }
        }
    }

    /// <summary>Why an archive is not shared that the configuration does not forbid; nothing for others.</summary>
    public static string? Explain(ShareVerdict verdict) => verdict switch
    {
        ShareVerdict.PrivateAddress => "its address is of a private network",
        ShareVerdict.Password => "it is asked for with a password",
        ShareVerdict.PrivatePath => "it is for those with a token or contract",
        _ => null,
    };

    [LoggerMessage(
        1501,
        LogLevel.Information,
        "{Archive} is not shared, and peers are not asked for its files: {Reason}. If its files are for everybody, list it: [Sharing] "
        + "Archives = public, {Archive}")]
    private partial void LogWithheld(string archive, string reason);
}
