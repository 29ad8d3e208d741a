using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace AptP2P.Host.Apt;

/// <summary>
/// What identifies a file of an archive: scheme, host, port and the percent-decoded path without dot segments. apt sends <c>%2b</c> where the
/// index has <c>+</c>, debootstrap sends it raw, and flat repositories send <c>/./</c>: all must come to the same key. What goes upstream is
/// not this but the client's own bytes (<see cref="Origin.RawPath"/>).
/// </summary>
internal readonly record struct ArchivePath(string Scheme, string Host, int Port, string Path)
{
    /// <summary>Real paths stay below 300; a longer one only costs memory and database pages.</summary>
    public const int MaxLength = 4096;

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The path up to its last slash, with it.</summary>
    public string Directory => Path[..(Path.LastIndexOf('/') + 1)];

    /// <summary>The path with all but unreserved characters percent-encoded, for an address of our own making; apt encodes <c>+</c> as well.</summary>
    public string RawPath => string.Join('/', Path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>Reads the path of a request.</summary>
    public static bool TryParse(Origin origin, out ArchivePath path, out ArchivePathFault fault)
    {
        var decoded = Decode(origin.RawPath, out fault);
        path = decoded is null ? default : new ArchivePath(origin.Scheme, origin.Host, origin.Port, decoded);
        return decoded is not null;
    }

    /// <summary>Decodes a raw path and removes its dot segments (RFC 3986 section 5.2.4).</summary>
    public static string? Decode(ReadOnlySpan<char> raw, out ArchivePathFault fault)
    {
        fault = Check(raw);
        if (fault != ArchivePathFault.None)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[raw.Length];
        var count = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var value = (byte)raw[i];
            if (value == '%')
            {
                if (i + 2 >= raw.Length || Convert.FromHexString(raw.Slice(i + 1, 2), bytes[count..], out _, out _) != OperationStatus.Done || bytes[count] == '/')
                {
                    fault = ArchivePathFault.Encoding;
                    return null;
                }

                value = bytes[count];
                i += 2;
            }

            bytes[count++] = value;
        }

        return Normalize(bytes[..count], out fault);
    }

    /// <summary>The path of a file that an index names relative to a directory, or <see langword="null"/> when it is none.</summary>
    /// <param name="directory">A path that ends with a slash.</param>
    /// <param name="relative">As it stands in the index: raw, not percent-encoded.</param>
    public static string? Resolve(string directory, ReadOnlySpan<byte> relative)
    {
        if (relative.IsEmpty || directory.Length + relative.Length > MaxLength)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(directory.Length) + relative.Length];
        var length = Encoding.UTF8.GetBytes(directory, bytes);
        relative.CopyTo(bytes[length..]);
        return Normalize(bytes[..(length + relative.Length)], out _);
    }

    private static ArchivePathFault Check(ReadOnlySpan<char> raw)
    {
        if (raw.Length is 0 or > MaxLength || raw[0] != '/')
        {
            return ArchivePathFault.Shape;
        }

        return raw.Contains('?') ? ArchivePathFault.Query
            : raw.ContainsAnyExceptInRange('\0', '\x7f') ? ArchivePathFault.Encoding
            : ArchivePathFault.None;
    }

    private static string? Normalize(Span<byte> path, out ArchivePathFault fault)
    {
        fault = path.ContainsAnyInRange((byte)0, (byte)0x1f) || path.Contains((byte)0x7f) ? ArchivePathFault.ControlCharacter
            : !Utf8.IsValid(path) ? ArchivePathFault.Encoding
            : ArchivePathFault.None;
        if (fault != ArchivePathFault.None)
        {
            return null;
        }

        if (path.IndexOf("/."u8) >= 0 && !RemoveDotSegments(ref path))
        {
            fault = ArchivePathFault.EscapesRoot;
            return null;
        }

        return Encoding.UTF8.GetString(path);
    }

    /// <summary>In place: what is kept never grows.</summary>
    private static bool RemoveDotSegments(ref Span<byte> path)
    {
        var kept = 1; // the leading slash
        for (var start = 1; start <= path.Length;)
        {
            var length = path[start..].IndexOf((byte)'/');
            var last = length < 0;
            var segment = last ? path[start..] : path.Slice(start, length);
            start += segment.Length + 1;
            if (segment.SequenceEqual(".."u8))
            {
                if (kept == 1)
                {
                    return false;
                }

                kept = path[..(kept - 1)].LastIndexOf((byte)'/') + 1;
            }
            else if (!segment.SequenceEqual("."u8))
            {
                segment.CopyTo(path[kept..]);
                kept += segment.Length;
                if (!last)
                {
                    path[kept++] = (byte)'/';
                }
            }
        }

        path = path[..kept];
        return true;
    }
}
