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
    private FileList _list;
    private FileList _open;

    private enum FileList
    {
        None,

        /// <summary>The files of a source package, in its directory.</summary>
        Source,

        /// <summary>Patches, beside the index.</summary>
        Patches,
    }

    /// <summary>Whether no field has been seen.</summary>
    public bool IsEmpty { get; private set; } = true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(FieldLine field)
    {
        IsEmpty = false;
        _open = FileList.None;
        switch (field.Name[0] | 0x20) // most fields are none of these
        {
            case 'f' when field.Is("Filename"u8):
                Set(_filename, field.Value);
                break;
            case 's' when field.Is("Size"u8):
                _size = ChecksumLine.TryParseSize(field.Value, out var size) ? size : -1;
                break;
            case 's' when field.Is("SHA256"u8):
                _hash = ContentHash.TryParse(field.Value, out var hash) ? hash : null;
                break;
            case 's' when field.Is("SHA256-Download"u8):
                _list = _open = FileList.Patches;
                break;
            case 'd' when field.Is("Directory"u8):
                Set(_directory, field.Value);
                break;
            case 'c' when field.Is("Checksums-Sha256"u8):
                _list = _open = FileList.Source;
                break;
        }
    }

    /// <summary>Takes a continuation line of the last field.</summary>
    /// <returns><see langword="false"/> when there are too many.</returns>
    public bool Continue(FieldLine line)
    {
        if (_open == FileList.None)
        {
            return true;
        }

        if (ChecksumLine.TryParse(line.Value, out var file) && ContentHash.TryParse(file.Digest, out var hash))
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

    private void EmitList(IndexEntrySink sink)
    {
        var begin = 0;
        foreach (var (hash, size, end) in _files)
        {
            var name = _names.WrittenSpan[begin..end];
            begin = end;
            if (_list == FileList.Patches)
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
        _names.ResetWrittenCount();
        _files.Clear();
        (_size, _hash, _unusable, _list, _open, IsEmpty) = (-1, null, 0, FileList.None, FileList.None, true);
    }

    private static void Set(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> value)
    {
        buffer.ResetWrittenCount();
        buffer.Write(value);
    }
}
