using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Paths;

namespace AptP2P.Host.Apt.Releases;

/// <summary>
/// Puts a Release together from its lines. What it does not understand it leaves out, as apt does (debReleaseIndex::Load).
/// </summary>
internal sealed class ReleaseReader
{
    // What apt reads of a Release. One of them at least, or it is a web page with a colon in it.
    private static readonly HashSet<string> Fields = new(
        [
            "Acquire-By-Hash",
            "Architecture",
            "Architectures",
            "Archive",
            "Codename",
            "Component",
            "Components",
            "Date",
            "Description",
            "Label",
            "MD5Sum",
            "Origin",
            "SHA1",
            "SHA256",
            "SHA512",
            "Suite",
            "Valid-Until",
            "Version",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Named> _files = [];
    private int _digestLength; // of the list that is open; 0 in other fields
    private bool _isRelease;
    private bool _hasByHash;
    private DateTimeOffset? _date;
    private DateTimeOffset? _validUntil;

    /// <summary>What was read, if it was a Release.</summary>
    public Release? Release =>
        !_isRelease
            ? null
            : new Release([.. _files.Values.Where(file => file.Hash is not null).Select(file => file.ToEntry())], _hasByHash)
            {
                Unproven = [.. _files.Values.Where(file => file.Hash is null).Select(file => file.ToUnproven())],
                Date = _date,
                ValidUntil = _validUntil,
                IsFlat = _files.Keys.Any(IndexFileName.IsIndex),
            };

    /// <summary>Takes the next line.</summary>
    /// <returns><see langword="false"/> when it names more than <see cref="ReadingLimits.ReleaseEntries"/>.</returns>
    public bool Take(FieldLine line)
    {
        if (line.Kind != FieldLineKind.Continuation)
        {
            Begin(line);
        }

        if (_digestLength == 0
            || !ChecksumLine.TryParse(line.Value, out var file)
            || Digest.TryParse(file.Digest) is not { } digest
            || digest.Length != _digestLength)
        {
            return true;
        }

        var name = Encoding.UTF8.GetString(file.Name);
        if (!_files.TryGetValue(name, out var named))
        {
            _files[name] = named = new Named(name);
        }

        named.Add(digest, file.Size);
        return _files.Count <= ReadingLimits.ReleaseEntries;
    }

    private void Begin(FieldLine line)
    {
        _digestLength = line.Is("SHA256"u8) ? SHA256.HashSizeInBytes
            : line.Is("SHA512"u8) ? SHA512.HashSizeInBytes
            : line.Is("SHA1"u8) ? SHA1.HashSizeInBytes
            : line.Is("MD5Sum"u8) ? MD5.HashSizeInBytes
            : 0;
        _isRelease |= _digestLength > 0 || Fields.Contains(Encoding.UTF8.GetString(line.Name));
        _date = line.Is("Date"u8) ? ReleaseDate.TryParse(line.Value) : _date;
        _validUntil = line.Is("Valid-Until"u8) ? ReleaseDate.TryParse(line.Value) : _validUntil;
        _hasByHash |= line.Is("Acquire-By-Hash"u8) && AptBoolean.IsTrue(Encoding.UTF8.GetString(line.Value));
    }

    private sealed class Named(string name)
    {
        private readonly List<(byte[] Digest, long Size)> _others = [];
        private long _size;

        public ContentHash? Hash { get; private set; }

        public void Add(byte[] digest, long size)
        {
            if (digest.Length == ContentHash.Size)
            {
                (Hash, _size) = (new ContentHash(digest), size);
            }
            else if (_others.Count < Digest.Kinds)
            {
                _others.Add((digest, size));
            }
        }

        public ReleaseEntry ToEntry() => new(name, Hash!.Value, _size) { OtherDigests = OfSize(_size) };

        public UnprovenEntry ToUnproven()
        {
            var size = _others.MaxBy(other => other.Digest.Length).Size; // as the strongest says
            return new UnprovenEntry(name, size, OfSize(size));
        }

        private ImmutableArray<byte[]> OfSize(long size) => [.. _others.Where(other => other.Size == size).Select(other => other.Digest)];
    }
}
