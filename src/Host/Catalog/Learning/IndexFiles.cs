using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AptP2P.Host.Apt.Indexes;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Suites;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>
/// The files that one index names, packed: some 120 bytes each. They are collected first and stored afterwards, so that the catalog is
/// locked for the short time of storing only: an InRelease that passes meanwhile must be learned before apt asks for what it names.
/// </summary>
internal sealed class IndexFiles(KnownIndex index)
{
    private const int BlockLength = 64 << 10;
    private const int MaxRoots = 8; // apt's own are one or two directories up; bounds the work for each file of an index far down
    private const int FixedLength = sizeof(long) + sizeof(ushort) + sizeof(byte); // size, and the lengths of path and digest

    private readonly byte[] _root = Encoding.UTF8.GetBytes(index.Root);
    private readonly byte[] _directory = Encoding.UTF8.GetBytes(index.Directory);
    private readonly byte[][] _parents = [.. ParentsOf(index).Select(Encoding.UTF8.GetBytes)];
    private readonly List<(byte[] Bytes, int Length)> _blocks = [];
    private byte[] _block = new byte[BlockLength];
    private int _length;

    /// <summary>
    /// Takes a file, unless its path leaves the archive (it would speak for another one) or it is empty (there is nothing to share).
    /// </summary>
    public void Add(in IndexEntry entry)
    {
        if (entry.Size == 0)
        {
            return;
        }

        Add(entry.Place == IndexEntryPlace.ArchiveRoot ? _root : _directory, entry);
        foreach (var parent in _parents)
        {
            Add(parent, entry);
        }
    }

    private void Add(byte[] from, in IndexEntry entry)
    {
        if (_length + FixedLength + SHA512.HashSizeInBytes + ArchivePath.MaxLength > BlockLength)
        {
            _blocks.Add((_block, _length));
            (_block, _length) = (new byte[BlockLength], 0);
        }

        var head = _block.AsSpan(_length, FixedLength + entry.Digest.Length);
        var target = _block.AsSpan(_length + head.Length, ArchivePath.MaxLength);
        if (!ArchivePath.TryResolve(from, entry.Path, target, out var length) || !target[..length].StartsWith(_root))
        {
            return;
        }

        BinaryPrimitives.WriteInt64LittleEndian(head, entry.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(head[sizeof(long)..], (ushort)length);
        head[FixedLength - 1] = (byte)entry.Digest.Length;
        entry.Digest.CopyTo(head[FixedLength..]);
        _length += head.Length + length;
    }

    /// <summary>
    /// The index of a flat archive does not tell how much of its own place is in the names of its files: with <c>deb URI sub/</c> they
    /// count from the URI. A name that leads back into the archive's directory from further up is taken both ways; a request for the wrong
    /// one finds nothing.
    /// </summary>
    private static IEnumerable<string> ParentsOf(KnownIndex index)
    {
        var directory = index.Directory;
        for (var i = 0; i < MaxRoots && index.Directory == index.Root && directory.Length > 1; i++)
        {
            directory = directory[..(directory.LastIndexOf('/', directory.Length - 2) + 1)];
            yield return directory;
        }
    }

    /// <summary>Stores them all.</summary>
    public void WriteTo(FileRows insert)
    {
        foreach (var (bytes, end) in _blocks.Append((_block, _length)))
        {
            for (var rest = bytes.AsSpan(0, end); !rest.IsEmpty;)
            {
                var digest = rest.Slice(FixedLength, rest[FixedLength - 1]);
                var path = rest.Slice(FixedLength + digest.Length, BinaryPrimitives.ReadUInt16LittleEndian(rest[sizeof(long)..]));
                insert.Add(path, digest, BinaryPrimitives.ReadInt64LittleEndian(rest));
                rest = rest[(FixedLength + digest.Length + path.Length)..];
            }
        }
    }
}
