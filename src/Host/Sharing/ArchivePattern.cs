using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Archives, as an operator writes them: <c>*.debian.org</c>, <c>ftp.us.debian.org/debian</c>, <c>ppa.example.org/*/ubuntu</c>. A star
/// stands for anything within one part; what lies below is meant too, and without a port every port. The word <c>public</c> stands for all
/// that are public.
/// </summary>
[DisplayName("archive pattern")]
internal sealed class ArchivePattern : IParsable<ArchivePattern>
{
    private readonly string _text;
    private readonly string[] _parts;

    private ArchivePattern(string text, string[] parts) => (_text, _parts) = (text, parts);

    /// <summary>Whether it is the word for all archives that are public, which is no archive's name.</summary>
    public bool IsPublicOnes => _text == "public";

    /// <summary>Whether every archive matches.</summary>
    public bool IsAll => _parts is ["*"];

    /// <param name="authority">Host, and the port where it is not the scheme's own.</param>
    /// <param name="path">Of a file, decoded.</param>
    public bool Matches(string authority, string path)
    {
        if (!FileSystemName.MatchesSimpleExpression(
                _parts[0],
                HasPort(_parts[0]) || !HasPort(authority) ? authority : authority.AsSpan(0, authority.LastIndexOf(':'))))
        {
            return false;
        }

        var rest = path.AsSpan().TrimStart('/');
        foreach (var part in _parts.AsSpan(1))
        {
            var slash = rest.IndexOf('/');
            if (slash < 0 || !FileSystemName.MatchesSimpleExpression(part, rest[..slash], ignoreCase: false))
            {
                return false;
            }

            rest = rest[(slash + 1)..];
        }

        return true;
    }

    public override string ToString() => _text;

    public static ArchivePattern Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var pattern)
            ? pattern
            : throw new FormatException(
                $"'{s}' is not an archive; write its host and root without a scheme, such as ftp.us.debian.org/debian or *.debian.org");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ArchivePattern result)
    {
        var parts = (s ?? "").TrimEnd('/').Split('/');
        var isValid = !Array.Exists(parts, part => part.Length == 0 || part is "." or ".." || part.AsSpan().ContainsAny(" \\?%"));
        result = isValid ? new ArchivePattern(s!, parts) : null;
        return isValid;
    }

    // an IPv6 address has colons of its own
    private static bool HasPort(string authority) => authority.LastIndexOf(':') > authority.LastIndexOf(']');
}
