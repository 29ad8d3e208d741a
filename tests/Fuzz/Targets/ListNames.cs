using System.Globalization;
using System.Text;
using AptP2P.Host.Apt.Paths;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// Names of files in apt's lists: the place that a name is read as has a name, in apt's own way, which is read as the same place.
/// </summary>
internal static class ListNames
{
    /// <summary>What apt's URItoFileName quotes in an address, beside the percent sign and what is no printable ASCII.</summary>
    private const string Quoted = "\\|{}[]<>\"^~_=!@#$%&*";

    public static void Check(ReadOnlySpan<byte> input)
    {
        var name = Encoding.Latin1.GetString(input);
        var allowance = Allowance.Begin();
        var path = AptListName.TryParse(name);
        allowance.End(input.Length, each: 64, fixedCost: 2048);
        if (path is not { } place)
        {
            return;
        }

        Assert.StartsWith("/", place.Path);
        Assert.DoesNotContain(place.Path.Split('/'), static segment => segment is "." or "..");
        Assert.DoesNotContain(place.Path, char.IsControl);
        Assert.Equal(place.Host.ToLowerInvariant(), place.Host);
        Assert.InRange(place.Port, 0, ushort.MaxValue);
        Assert.NotEmpty(place.Host);
        var isOfItself = place.Host is not ("localhost" or "127.0.0.1" or "[::1]"); // behind these a name may be in prefix form
        if (isOfItself && ((place.Scheme, place.Port) is ("", _) or ("http", 80) or ("https", 443))) // a name does not tell other schemes
        {
            Assert.Equal(place, AptListName.TryParse(NameOf(place)));
        }
    }

    private static string NameOf(ArchivePath place)
    {
        var address =
            place.Port == 0
                ? $"{place.Host}{place.RawPath}"
                : string.Create(CultureInfo.InvariantCulture, $"{place.Host}:{place.Port}{place.RawPath}");
        var name = new StringBuilder();
        foreach (var letter in address)
        {
            name.Append(letter is <= ' ' or >= '\x7f' || Quoted.Contains(letter, StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $"%{(int)letter:x2}")
                : letter == '/' ? "_" : letter.ToString());
        }

        return name.ToString();
    }
}
