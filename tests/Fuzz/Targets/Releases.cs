using System.Globalization;
using System.Text;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// Release and InRelease: only what was signed is read, a signature around a text changes nothing of it, and names lead to no place outside
/// of the archive.
/// </summary>
internal static class Releases
{
    private const string Begin = "-----BEGIN PGP SIGNED MESSAGE-----";

    public static void Check(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var release = Release.TryRead(input);
        allowance.End(input.Length, each: 64, fixedCost: 16 << 10);
        if (release is not null)
        {
            CheckEntries(release);
        }

        if (ClearSigned.TrySplit(input, out var message, out var signature))
        {
            Assert.True(message.Length + signature.Length <= input.Length, "more was split off than there was");
            Assert.True(DetachedSignature.IsOne(signature), "what is split off as a signature is none");
            Assert.Equal(Describe(Read(message)), Describe(release));
        }
        else if (!input.StartsWith(Encoding.ASCII.GetBytes(Begin)))
        {
            CheckSigned(input);
        }
    }

    /// <summary>As a text inside of an armor, whatever it may be taken for in a text of its own.</summary>
    private static Release? Read(ReadOnlySpan<byte> signed) => Release.TryRead([(byte)'\n', .. signed]);

    /// <summary>Signs it as gpg does, in form: blanks at the ends of lines are no part of what is signed.</summary>
    private static void CheckSigned(ReadOnlySpan<byte> input)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n').Select(static line => line.TrimEnd(' ', '\t', '\r')).ToArray();
        var text = Encoding.Latin1.GetBytes(string.Join('\n', lines));
        var escaped = string.Join('\n', lines.Select(static line => line.StartsWith('-') ? "- " + line : line));
        var signed = Encoding.Latin1.GetBytes(
            $"{Begin}\nHash: SHA512\n\n{escaped}\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n=aaaa\n-----END PGP SIGNATURE-----\n");

        Assert.True(ClearSigned.TrySplit(signed, out var message, out _), "a signed text is not split");
        Assert.True(message.AsSpan().SequenceEqual(text), "what was signed is not what comes back");
        Assert.Equal(Describe(Read(text)), Describe(Release.TryRead(signed)));
    }

    private static void CheckEntries(Release release)
    {
        Assert.InRange(release.Entries.Length + release.Unproven.Length, 0, ReadingLimits.ReleaseEntries);
        Assert.All(release.Entries.AsEnumerable(), static entry =>
            Assert.True(entry.Size >= 0 && entry.OtherDigests.Length <= Digest.Kinds));
        Assert.All(release.Unproven.AsEnumerable(), static entry =>
            Assert.True(entry.Size >= 0 && entry.Digests.Length is > 0 and <= Digest.Kinds));
        foreach (var entry in release.Entries)
        {
            var path = ArchivePath.Resolve("/debian/dists/stable/", entry.Name);
            Assert.True(path is null || (path.StartsWith('/') && !path.Split('/').Any(static segment => segment is "." or "..")), path);
        }
    }

    private static string Describe(Release? release)
    {
        if (release is null)
        {
            return "none";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{release.Date:O} {release.ValidUntil:O} {release.AcquireByHash} {release.IsFlat}\n");
        foreach (var entry in release.Entries)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{entry.Name} {entry.Hash} {entry.Size} {string.Join(' ', entry.OtherDigests.Select(Convert.ToHexString))}\n");
        }

        foreach (var entry in release.Unproven)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{entry.Name} {entry.Size} {string.Join(' ', entry.Digests.Select(Convert.ToHexString))}\n");
        }

        return text.ToString();
    }
}
