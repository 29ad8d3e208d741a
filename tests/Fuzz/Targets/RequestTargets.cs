using System.Net;
using System.Text;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Proxy.Requests;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// What stands in a request line: what goes upstream is clean, names the host that was checked, is asked for with the very bytes that were
/// read, and means the same when it is read again.
/// </summary>
internal static class RequestTargets
{
    private const string Address = "http://localhost:9977";

    public static void Check(ReadOnlySpan<byte> input)
    {
        var raw = Encoding.Latin1.GetString(input);
        var allowance = Allowance.Begin();
        var target = Parse(raw);
        allowance.End(input.Length, each: 256, fixedCost: 8 << 10);
        if (target is RequestTarget.Upstream upstream)
        {
            CheckUpstream(upstream);
            Assert.Equal(upstream with { IsProxyForm = true }, RequestTarget.Parse(ProxyForm(upstream), static (_, _) => false, Address));
        }

        if (RequestTarget.ParsePlain(raw.StartsWith('/') ? raw : "/" + raw, "ftp.us.debian.org", 80) is RequestTarget.Upstream plain)
        {
            CheckUpstream(plain);
        }
    }

    private static RequestTarget Parse(string raw) =>
        RequestTarget.Parse(raw, static (host, port) => host == "localhost" && port == 9977, Address);

    private static string ProxyForm(RequestTarget.Upstream target) => $"{target.Scheme}://{target.Host}:{target.Port}{target.RawPath}";

    /// <summary>Addresses have several forms, and an interface's name behind them: 0x7f.1, [fe80::1%25eth0].</summary>
    private static bool IsSameAddress(string host, string other) =>
        IPAddress.TryParse(host, out var address)
        && IPAddress.TryParse(WithoutZone(other), out var otherAddress)
        && address.Equals(otherAddress);

    private static string WithoutZone(string host) =>
        host.Contains('%', StringComparison.Ordinal) ? host[..host.IndexOf('%', StringComparison.Ordinal)] + "]" : host;

    private static void CheckUpstream(RequestTarget.Upstream target)
    {
        Assert.InRange(target.Port, 1, ushort.MaxValue);
        Assert.Equal(target.Host.ToLowerInvariant(), target.Host);
        Assert.StartsWith("/", target.RawPath);
        Assert.False(
            target.RawPath.AsSpan().ContainsAnyExceptInRange('!', '~') || target.RawPath.AsSpan().ContainsAny('#', '\\'),
            "bytes that divide requests");
        var query = target.RawPath.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.RawPath : target.RawPath[..query];
        Assert.DoesNotContain("..", Uri.UnescapeDataString(path).Split('/'));

        var origin = target.ToOrigin(OriginReach.Public);
        var uri = origin.ToUri();
        Assert.Equal((target.Scheme, target.Port, target.RawPath), (uri.Scheme, uri.Port, uri.PathAndQuery));
        Assert.True(uri.Host == target.Host || IsSameAddress(uri.Host, target.Host), $"{uri.Host} is not {target.Host}");
        if (ArchivePath.TryParse(origin, out var archivePath, out var fault))
        {
            Assert.Equal(ArchivePathFault.None, fault);
            Assert.StartsWith("/", archivePath.Path);
            Assert.DoesNotContain(archivePath.Path.Split('/'), static segment => segment is "." or "..");
            Assert.DoesNotContain(archivePath.Path, char.IsControl);
        }
    }
}
