using System.Text;

namespace AptP2P.Host.Catalog.Signatures;

/// <summary>Keys to check a signature with.</summary>
/// <param name="Keys">In OpenPGP's binary form, one behind the other.</param>
/// <param name="Fingerprints">Only these of them count, where any are given; with an exclamation mark, none of their subkeys.</param>
/// <param name="IsComplete">apt accepts no other key for this archive, so what none of these has signed is refused. Else another key may be
/// right.</param>
internal sealed record Keyring(byte[] Keys, IReadOnlyList<string> Fingerprints, bool IsComplete)
{
    /// <summary>Debian's, with all keys that it ever had, has 130 kB.</summary>
    private const long MaxLength = 8 << 20;

    private const int MaxFiles = 1_000;

    /// <summary>
    /// Keys in files of which apt takes both forms: binary, and in ASCII armor. What cannot be read is left out, as apt does.
    /// </summary>
    public static byte[] Read(IEnumerable<string> files)
    {
        using var keys = new MemoryStream();
        foreach (var file in files.Take(MaxFiles))
        {
            try
            {
                if (new FileInfo(file) is { Exists: true, Length: <= MaxLength })
                {
                    keys.Write(ToBinary(File.ReadAllBytes(file)));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // apt would warn; the other keys count all the same.
            }
        }

        return keys.ToArray();
    }

    /// <summary>Takes the armor off (RFC 9580, section 6).</summary>
    public static byte[] ToBinary(byte[] key)
    {
        var text = Encoding.Latin1.GetString(key);
        if (!text.Contains("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal))
        {
            // a packet's first bit is set; GnuPG's keybox, which apt does not take either, begins otherwise
            return key is [>= 0x80, ..] ? key : [];
        }

        using var binary = new MemoryStream();
        var base64 = new StringBuilder();
        var (inBlock, inHeader) = (false, false);
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line == "-----BEGIN PGP PUBLIC KEY BLOCK-----")
            {
                (inBlock, inHeader) = (true, true);
            }
            else if (line == "-----END PGP PUBLIC KEY BLOCK-----" && inBlock)
            {
                var bytes = new byte[base64.Length];
                if (Convert.TryFromBase64String(base64.ToString(), bytes, out var count))
                {
                    binary.Write(bytes, 0, count);
                }

                base64.Clear();
                inBlock = false;
            }
            else if (inHeader)
            {
                inHeader = line.Length > 0;
            }
            else if (inBlock && !line.StartsWith('=')) // the checksum, which nobody needs
            {
                base64.Append(line);
            }
        }

        return binary.ToArray();
    }
}
