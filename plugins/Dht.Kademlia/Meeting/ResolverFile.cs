using System.Net;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>What resolv.conf(5) says: whom to ask for names, and in which domains this machine searches.</summary>
internal sealed record ResolverFile(IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Domains)
{
    public const string SystemPath = "/etc/resolv.conf";

    private const int MaxServers = 3; // as the C library takes
    private const int MaxDomains = 6; // as it took for decades
    private const int MaxSize = 64 << 10;
    private const int MaxName = 253; // RFC 1035 2.3.4

    public static ResolverFile Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file is { Exists: true, Length: <= MaxSize } ? Parse(File.ReadAllText(path)) : new ResolverFile([], []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ResolverFile([], []);
        }
    }

    /// <summary>The last line of <c>search</c> or <c>domain</c> counts.</summary>
    public static ResolverFile Parse(string text)
    {
        var servers = new List<IPAddress>();
        string[] domains = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var server, ..] && servers.Count < MaxServers && IPAddress.TryParse(server, out var address))
            {
                servers.Add(address);
            }
            else if (words is ["search", ..] or ["domain", _, ..])
            {
                domains = words[0] == "domain" ? words[1..2] : words[1..];
            }
        }

        return new ResolverFile(servers, [.. domains.Select(static name => name.TrimEnd('.')).Where(IsName).Distinct().Take(MaxDomains)]);
    }

    /// <summary>A name of at least one label; the root (<c>.</c>) is nobody's domain.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName
        && name.Split('.').All(static label =>
            label.Length is > 0 and <= 63 && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
