using System.Buffers;
using System.Runtime.CompilerServices;

namespace AptP2P.Host.Apt;

/// <summary>What is kept of the stanza being read: only the fields that name files. Its buffers are used again for the next.</summary>
internal sealed class Stanza
{
    private readonly ArrayBufferWriter<byte> _filename = new();
    private readonly ArrayBufferWriter<byte> _directory = new();
    private readonly ArrayBufferWriter<byte> _names = new();
    private readonly ArrayBufferWriter<byte> _path = new();
    private readonly List<(ContentHash Hash, long Size, int NameEnd)> _files = [];
    private long _size = -1;
    private ContentHash? _hash;
    private int _unusable;
    private Field _list;
    private Field _open;

    private enum Field
    {
        /// <summary>One that names no files.</summary>
        Other,
        Filename,
        Size,
        Hash,
        Directory,

        /// <summary>The files of a source package, in its directory.</summary>
        Source,

        /// <summary>Patches, beside the index.</summary>
        Patches,
    }

    /// <summary>Takes a line that does not end the stanza. A value may begin on the line after its name; of two fields of a name the last counts.</summary>
    /// <returns><see langword="false"/> when a list is too long.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Take(FieldLine line)
    {
        if (line.Kind != FieldLineKind.Continuation)
        {
            _open = FieldOf(line);
            if (_open is Field.Source or Field.Patches)
            {
                Begin(_open);
            }
        }

        return _open == Field.Other || line.Value is not [_, ..] value || TakeValue(value);
    }

    /// <summary>Hands on the files of the stanza that ends, and forgets it.</summary>
    /// <returns>How many there were, and how many had no usable size or hash.</returns>
    public (int Entries, int Unusable) End(IndexEntrySink sink)
    {
        var result = (Entries: _files.Count, Unusable: _unusable);
        EmitList(sink);
        if (_filename.WrittenCount > 0 && _hash is { } hash && _size >= 0)
        {
            sink(_filename.WrittenSpan, IndexEntryPlace.ArchiveRoot, hash, _size);
            result.Entries++;
        }
        else if (_filename.WrittenCount > 0)
        {
            result.Unusable++;
        }

        Clear();
        return result;
    }

    private static Field FieldOf(FieldLine line) => (line.Name is [var first, ..] ? first | 0x20 : 0) switch // most are none of these
    {
        'f' when line.Is("Filename"u8) => Field.Filename,
        's' when line.Is("Size"u8) => Field.Size,
        's' when line.Is("SHA256"u8) => Field.Hash,
        's' when line.Is("SHA256-Download"u8) => Field.Patches,
        'd' when line.Is("Directory"u8) => Field.Directory,
        'c' when line.Is("Checksums-Sha256"u8) => Field.Source,
        _ => Field.Other,
    };

    private void Begin(Field list)
    {
        _list = list;
        _unusable = 0;
        _names.ResetWrittenCount();
        _files.Clear();
    }

    private bool TakeValue(ReadOnlySpan<byte> value)
    {
        switch (_open)
        {
            case Field.Source or Field.Patches:
                return TakeFile(value);
            case Field.Filename:
                Set(_filename, value);
                break;
            case Field.Directory:
                Set(_directory, value);
                break;
            case Field.Size:
                _size = ChecksumLine.TryParseSize(value, out var size) ? size : -1;
                break;
            case Field.Hash:
                _hash = ContentHash.TryParse(value, out var hash) ? hash : null;
                break;
        }

        _open = Field.Other; // no more than a line belongs to it
        return true;
    }

    private bool TakeFile(ReadOnlySpan<byte> line)
    {
        if (ChecksumLine.TryParse(line, out var file) && ContentHash.TryParse(file.Digest, out var hash))
        {
            _names.Write(file.Name);
            _files.Add((hash, file.Size, _names.WrittenCount));
        }
        else
        {
            _unusable++;
        }

        return _files.Count <= IndexLimits.FilesPerStanza;
    }

    private void EmitList(IndexEntrySink sink)
    {
        var begin = 0;
        foreach (var (hash, size, end) in _files)
        {
            var name = _names.WrittenSpan[begin..end];
            begin = end;
            if (_list == Field.Patches)
            {
                sink(name, IndexEntryPlace.IndexDirectory, hash, size);
                continue;
            }

            Set(_path, _directory.WrittenSpan);
            if (_path.WrittenCount > 0)
            {
                _path.Write("/"u8);
            }

            _path.Write(name);
            sink(_path.WrittenSpan, IndexEntryPlace.ArchiveRoot, hash, size);
        }
    }

    private void Clear()
    {
        _filename.ResetWrittenCount();
        _directory.ResetWrittenCount();
        Begin(Field.Other);
        (_size, _hash, _open) = (-1, null, Field.Other);
    }

    private static void Set(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> value)
    {
        buffer.ResetWrittenCount();
        buffer.Write(value);
    }
}
