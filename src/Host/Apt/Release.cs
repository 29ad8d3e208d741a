using System.Collections.Immutable;
using System.Text;

namespace AptP2P.Host.Apt;

/// <summary>A file that a Release names, relative to the Release's own directory.</summary>
/// <param name="Name">Such as <c>main/binary-amd64/Packages.xz</c>.</param>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="Size">In bytes.</param>
internal sealed record ReleaseEntry(string Name, ContentHash Hash, long Size)
{
    /// <summary>Its other digests, in binary. A client may ask for <c>by-hash/SHA512/...</c> or <c>by-hash/MD5Sum/...</c>.</summary>
    public ImmutableArray<byte[]> OtherDigests { get; init; } = [];
}

/// <summary>
/// Release or InRelease (Debian's repository format). Nobody checks the signature here: apt does. A false entry costs sharing, never a file
/// that apt could have had.
/// </summary>
/// <param name="Entries">What it names, with its SHA-256.</param>
/// <param name="AcquireByHash">Whether the files can be had under <c>by-hash/</c>.</param>
internal sealed record Release(ImmutableArray<ReleaseEntry> Entries, bool AcquireByHash)
{
    /// <summary>Reads one, or <see langword="null"/> when it is none: not deb822, no SHA256 section, or larger than apt itself would take.</summary>
    public static Release? TryRead(ReadOnlySpan<byte> text)
    {
        if (text.Length > IndexLimits.ReleaseLength)
        {
            return null;
        }

        var entries = new Dictionary<string, ReleaseEntry>();
        var lines = new ReleaseLines(text);
        while (lines.MoveNext())
        {
            if (lines.Section.SequenceEqual("SHA256"u8) && ContentHash.TryParse(lines.Current.Digest, out var hash))
            {
                var name = Encoding.UTF8.GetString(lines.Current.Name);
                entries[name] = new ReleaseEntry(name, hash, lines.Current.Size);
                if (entries.Count > IndexLimits.ReleaseEntries)
                {
                    return null;
                }
            }
        }

        if (lines.IsGarbage || entries.Count == 0)
        {
            return null;
        }

        AddOtherDigests(text, entries);
        return new Release([.. entries.Values], lines.AcquireByHash);
    }

    private static void AddOtherDigests(ReadOnlySpan<byte> text, Dictionary<string, ReleaseEntry> entries)
    {
        var lines = new ReleaseLines(text); // again, since MD5Sum comes first
        while (lines.MoveNext())
        {
            var line = lines.Current;
            if (!lines.Section.SequenceEqual("SHA256"u8)
                && Digest.TryParse(line.Digest) is { } digest
                && entries.TryGetValue(Encoding.UTF8.GetString(line.Name), out var entry)
                && entry.Size == line.Size
                && entry.OtherDigests.Length < Digest.Kinds)
            {
                entries[entry.Name] = entry with { OtherDigests = entry.OtherDigests.Add(digest) };
            }
        }
    }
}
