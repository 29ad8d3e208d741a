using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>What is wrong with an answer, whatever was asked.</summary>
internal static class StrangeAnswer
{
    private const int InternalError = 500;

    /// <returns>Nothing, if nothing is wrong.</returns>
    public static string? FindFault(StrangeRequest request, byte[] answer, SignedRepository repository)
    {
        var (status, headers, body) = Read(answer);
        if (status == InternalError && !headers.ContainsKey("X-Cache")) // else it is the mirror's
        {
            return "500: the daemon itself has failed";
        }

        var isWhole = headers.GetValueOrDefault("Content-Length") == body.Length.ToString(CultureInfo.InvariantCulture);
        if (request.Package is not { } package || !isWhole)
        {
            return null; // nothing is known of it, or it was broken off
        }

        return status switch
        {
            200 when Convert.ToHexStringLower(SHA256.HashData(body)) != package.Sha256 => "these are not the package's bytes",
            206 when headers["Content-Range"] is var range && !body.AsSpan().SequenceEqual(Part(package, range, repository)) =>
                $"these are not the bytes of {range}",
            _ => null,
        };
    }

    private static byte[] Part(RepositoryPackage package, string range, SignedRepository repository)
    {
        var bounds = range["bytes ".Length..range.IndexOf('/', StringComparison.Ordinal)].Split('-');
        var (first, last) = (int.Parse(bounds[0], CultureInfo.InvariantCulture), int.Parse(bounds[1], CultureInfo.InvariantCulture));
        return File.ReadAllBytes(Path.Combine(repository.Root, package.Path))[first..(last + 1)];
    }

    private static (int Status, Dictionary<string, string> Headers, byte[] Body) Read(byte[] answer)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0 || !answer.AsSpan().StartsWith("HTTP/1."u8))
        {
            return (0, headers, []); // it was ended without an answer, or what it went through speaks
        }

        var lines = Encoding.Latin1.GetString(answer, 0, end).Split("\r\n");
        foreach (var line in lines[1..])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, answer[(end + 4)..]);
    }
}
