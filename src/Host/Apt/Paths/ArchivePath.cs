using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace AptP2P.Host.Apt.Paths;

/// <summary>
/// What identifies a file of an archive: scheme, host, port and the percent-decoded path without dot segments. apt sends <c>%2b</c> where
/// the index has <c>+</c>, debootstrap sends it raw, and flat repositories send <c>/./</c>: all must come to the same key. What goes
/// upstream is not this but the client's own bytes (<see cref="Origin.RawPath"/>).
/// </summary>
internal readonly record struct ArchivePath(string Scheme, string Host, int Port, string Path)
{
    /// <summary>Real paths stay below 300; a longer one only costs memory and database pages.</summary>
    public const int MaxLength = 4096;

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The path up to its last slash, with it.</summary>
    public string Directory => Path[..(Path.LastIndexOf('/') + 1)];

    /// <summary>
    /// The path with all but unreserved characters percent-encoded, for an address of our own making; apt encodes <c>+</c> as well.
    /// </summary>
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
                if (i + 2 >= raw.Length
                    || Convert.FromHexString(raw.Slice(i + 1, 2), bytes[count..], out _, out _) != OperationStatus.Done
                    || bytes[count] == '/')
                {
                    fault = ArchivePathFault.Encoding;
                    return null;
                }

                value = bytes[count];
                i += 2;
            }

            bytes[count++] = value;
        }

        bytes = bytes[..count];
        fault = Normalize(ref bytes);
        return fault == ArchivePathFault.None ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>
    /// The path of a file that a Release or an index names relative to a directory, or <see langword="null"/> when it is none.
    /// </summary>
    /// <param name="directory">A path that ends with a slash.</param>
    /// <param name="relative">As it stands there: raw, not percent-encoded.</param>
    public static string? Resolve(string directory, string relative)
    {
        Span<byte> path = stackalloc byte[MaxLength];
        return TryResolve(Encoding.UTF8.GetBytes(directory), Encoding.UTF8.GetBytes(relative), path, out var length)
            ? Encoding.UTF8.GetString(path[..length])
            : null;
    }

    /// <summary>As <see cref="Resolve"/>, for the many of an index.</summary>
    public static bool TryResolve(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> relative, Span<byte> destination, out int length)
    {
        length = 0;
        if (relative.IsEmpty || directory.Length + relative.Length > Math.Min(MaxLength, destination.Length))
        {
            return false;
        }

        directory.CopyTo(destination);
        relative.CopyTo(destination[directory.Length..]);
        var path = destination[..(directory.Length + relative.Length)];
        var valid = Normalize(ref path) == ArchivePathFault.None;
        length = path.Length;
        return valid;
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

    /// <summary>Checks it and removes its dot segments, in place.</summary>
    private static ArchivePathFault Normalize(ref Span<byte> path) =>
        path.ContainsAnyInRange((byte)0, (byte)0x1f) || path.Contains((byte)0x7f) ? ArchivePathFault.ControlCharacter
        : !Utf8.IsValid(path) ? ArchivePathFault.Encoding
        : path.IndexOf("/."u8) >= 0 && !RemoveDotSegments(ref path) ? ArchivePathFault.EscapesRoot
        : ArchivePathFault.None;

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
