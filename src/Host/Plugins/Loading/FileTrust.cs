using System.Runtime.InteropServices;
using System.Text;

namespace AptP2P.Host.Plugins.Loading;

/// <summary>
/// Whether only those can change a plugin's files who could change the daemon's program anyway: root, the daemon's user, and whoever owns
/// or may write the program. Anybody else's plugin would give them the daemon. So an installed daemon loads only root's and its own, and
/// one that runs from a source tree loads what that tree's owner has built, whoever runs it.
/// </summary>
internal sealed partial class FileTrust
{
    private const int MaxFiles = 10_000; // a link may lead to all files of the machine
    private const int MaxPath = 4_096; // PATH_MAX

    private readonly int _self = GetEffectiveUser();
    private readonly List<string> _programFolders = [];
    private readonly List<int> _owners;
    private readonly List<int> _groups = [0];
    private readonly bool _isEveryones;

    public FileTrust() : this(typeof(FileTrust).Assembly.Location)
    {
    }

    /// <param name="program">The daemon's own file.</param>
    internal FileTrust(string program)
    {
        _owners = [0, _self];
        for (var path = Resolve(program); path is not null; path = Path.GetDirectoryName(path))
        {
            _programFolders.Add(path);
            if (Look(path) is { } look)
            {
                _owners.Add(look.Owner); // who owns a folder may put another program there
            }
        }

        foreach (var path in _programFolders.Take(2)) // the program and its folder
        {
            if (Look(path) is { } look)
            {
                _isEveryones |= look.OthersMayWrite;
                if (look.GroupMayWrite)
                {
                    _groups.Add(look.Group);
                }
            }
        }
    }

    /// <returns>Which of a plugin's files cannot be trusted, and why.</returns>
    public string? FindDoubt(string folder) => _isEveryones ? null : FindDoubt(folder, []);

    private string? FindDoubt(string path, HashSet<string> seen)
    {
        if (Resolve(path) is not { } real)
        {
            return $"{path} cannot be looked at";
        }

        for (
            var above = Path.GetDirectoryName(real);
            above is not null && !_programFolders.Contains(above) && seen.Add(above);
            above = Path.GetDirectoryName(above))
        {
            if (Judge(above, isAbove: true) is { } open)
            {
                return open;
            }
        }

        var waiting = new Stack<string>([real]);
        while (waiting.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (seen.Count > MaxFiles)
            {
                return $"{path} has more than {MaxFiles} files";
            }

            var isLink = Look(next) is { IsLink: true };
            if ((isLink ? FindDoubt(next, seen) : Judge(next, isAbove: false)) is { } doubt)
            {
                return doubt;
            }

            if (Look(next) is { IsFolder: true })
            {
                foreach (var inside in Directory.EnumerateFileSystemEntries(next))
                {
                    waiting.Push(inside);
                }
            }
        }

        return null;
    }

    private string? Judge(string path, bool isAbove)
    {
        if (Look(path) is not { } look)
        {
            return $"{path} cannot be looked at";
        }

        if (!_owners.Contains(look.Owner))
        {
            return $"{path} belongs to the user {(uint)look.Owner}, who is neither root nor the daemon's own ({(uint)_self}): chown it";
        }

        // In a sticky folder, such as /tmp, everybody can make things, but only a thing's owner can put another in its place.
        var isOpen = look.OthersMayWrite || (look.GroupMayWrite && !_groups.Contains(look.Group));
        return isOpen && !(isAbove && look.IsSticky)
            ? $"{path} can be written by others (mode {Convert.ToString(look.Mode & 0xFFF, 8)}): chmod go-w"
            : null;
    }

    /// <summary>A path without links in it.</summary>
    private static string? Resolve(string path)
    {
        Span<byte> buffer = stackalloc byte[MaxPath];
        return RealPath(path, buffer) == IntPtr.Zero ? null : Encoding.UTF8.GetString(buffer[..buffer.IndexOf((byte)0)]);
    }

    /// <summary>By statx(2), whose structure is the same on all machines, unlike that of stat(2).</summary>
    private static Attributes? Look(string path)
    {
        const int Current = -100; // AT_FDCWD
        const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
        const uint Basic = 0x7FF; // STATX_BASIC_STATS
        Span<byte> buffer = stackalloc byte[256]; // struct statx
        return StatX(Current, path, NoFollow, Basic, buffer) == 0
            ? new Attributes(
                MemoryMarshal.Read<int>(buffer[20..]), // stx_uid
                MemoryMarshal.Read<int>(buffer[24..]), // stx_gid
                MemoryMarshal.Read<ushort>(buffer[28..])) // stx_mode
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> attributes);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr RealPath(string path, Span<byte> resolved);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int GetEffectiveUser();

    private readonly record struct Attributes(int Owner, int Group, ushort Mode)
    {
        public bool IsFolder => (Mode & 0xF000) == 0x4000; // S_IFDIR

        public bool IsLink => (Mode & 0xF000) == 0xA000; // S_IFLNK

        public bool IsSticky => (Mode & 0x200) != 0; // S_ISVTX

        public bool GroupMayWrite => (Mode & 0x10) != 0; // S_IWGRP

        public bool OthersMayWrite => (Mode & 0x2) != 0; // S_IWOTH
    }
}
