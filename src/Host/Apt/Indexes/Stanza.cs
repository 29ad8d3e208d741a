using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Apt.Indexes;

/// <summary>What is kept of the stanza being read: only the fields that name files. Its buffers are used again for the next.</summary>
internal sealed class Stanza(IndexEntrySink sink)
{
    private readonly ArrayBufferWriter<byte> _filename = new();
    private readonly ArrayBufferWriter<byte> _directory = new();
    private readonly ArrayBufferWriter<byte> _path = new();
    private readonly ChecksumList _source = new(ContentHash.Size);
    private readonly ChecksumList _sourceSha512 = new(SHA512.HashSizeInBytes);
    private readonly ChecksumList _patches = new(ContentHash.Size);
    private readonly byte[] _sha256 = new byte[ContentHash.Size];
    private readonly byte[] _sha512 = new byte[SHA512.HashSizeInBytes];
    private bool _hasSha256;
    private bool _hasSha512;
    private long _size = -1;
    private Field _open;

    private enum Field
    {
        /// <summary>One that names no files.</summary>
        Other,
        Filename,
        Size,
        Sha256,
        Sha512,
        Directory,
        Source,
        SourceSha512,
        Patches,
    }

    /// <summary>
    /// Takes a line that does not end the stanza. A value may begin on the line after its name; of two fields of a name the last counts.
    /// </summary>
    /// <returns><see langword="false"/> when a list is too long.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Take(FieldLine line)
    {
        if (line.Kind != FieldLineKind.Continuation)
        {
            _open = FieldOf(line);
            if (_open >= Field.Source)
            {
                ListOf(_open).Clear();
            }
        }

        return _open == Field.Other || line.Value is not [_, ..] value || TakeValue(value);
    }

    /// <summary>Hands on the files of the stanza that ends, and forgets it.</summary>
    /// <returns>How many there were, and how many had no usable size or digest.</returns>
    public (int Entries, int Unusable) End()
    {
        var source = _source.Count > 0 || _sourceSha512.Count == 0 ? _source : _sourceSha512;
        var result = (Entries: source.Count + _patches.Count, Unusable: source.Unusable + _patches.Unusable);
        EmitSource(source);
        EmitPatches();
        if (_filename.WrittenCount > 0)
        {
            var isUsable = (_hasSha256 || _hasSha512) && _size >= 0;
            if (isUsable)
            {
                sink(new IndexEntry(_filename.WrittenSpan, IndexEntryPlace.ArchiveRoot, _hasSha256 ? _sha256 : _sha512, _size));
            }

            result = isUsable ? result with { Entries = result.Entries + 1 } : result with { Unusable = result.Unusable + 1 };
        }

        Clear();
        return result;
    }

    private static Field FieldOf(FieldLine line) => (line.Name is [var first, ..] ? first | 0x20 : 0) switch // most are none of these
    {
        'f' when line.Is("Filename"u8) => Field.Filename,
        's' when line.Is("Size"u8) => Field.Size,
        's' when line.Is("SHA256"u8) => Field.Sha256,
        's' when line.Is("SHA512"u8) => Field.Sha512,
        's' when line.Is("SHA256-Download"u8) => Field.Patches,
        'd' when line.Is("Directory"u8) => Field.Directory,
        'c' when line.Is("Checksums-Sha256"u8) => Field.Source,
        'c' when line.Is("Checksums-Sha512"u8) => Field.SourceSha512,
        _ => Field.Other,
    };

    private ChecksumList ListOf(Field field) => field switch
    {
        Field.Source => _source,
        Field.SourceSha512 => _sourceSha512,
        _ => _patches,
    };

    private bool TakeValue(ReadOnlySpan<byte> value)
    {
        switch (_open)
        {
            case Field.Filename:
                Set(_filename, value);
                break;
            case Field.Directory:
                Set(_directory, value);
                break;
            case Field.Size:
                _size = ChecksumLine.TryParseSize(value, out var size) ? size : -1;
                break;
            case Field.Sha256:
                _hasSha256 = Digest.TryRead(value, _sha256);
                break;
            case Field.Sha512:
                _hasSha512 = Digest.TryRead(value, _sha512);
                break;
            default:
                var list = ListOf(_open);
                list.Add(value);
                return list.Count <= ReadingLimits.FilesPerStanza;
        }

        _open = Field.Other; // no more than a line belongs to it
        return true;
    }

    private void EmitSource(ChecksumList files)
    {
        for (var i = 0; i < files.Count; i++)
        {
            files.Get(i, out var name, out var digest, out var size);
            Set(_path, _directory.WrittenSpan);
            if (_path.WrittenCount > 0)
            {
                _path.Write("/"u8);
            }

            _path.Write(name);
            sink(new IndexEntry(_path.WrittenSpan, IndexEntryPlace.ArchiveRoot, digest, size));
        }
    }

    private void EmitPatches()
    {
        for (var i = 0; i < _patches.Count; i++)
        {
            _patches.Get(i, out var name, out var digest, out var size);
            sink(new IndexEntry(name, IndexEntryPlace.IndexDirectory, digest, size));
        }
    }

    private void Clear()
    {
        _filename.ResetWrittenCount();
        _directory.ResetWrittenCount();
        _source.Clear();
        _sourceSha512.Clear();
        _patches.Clear();
        (_size, _hasSha256, _hasSha512, _open) = (-1, false, false, Field.Other);
    }

    private static void Set(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> value)
    {
        buffer.ResetWrittenCount();
        buffer.Write(value);
    }
}
