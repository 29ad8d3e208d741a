using System.Buffers;
using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Apt.Indexes;

/// <summary>The files of a list field, whose digests are all of one kind. Its buffers are used again.</summary>
/// <param name="digestLength">In bytes.</param>
internal sealed class ChecksumList(int digestLength)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(); // digest and name of each
    private readonly List<(long Size, int End)> _files = [];

    public int Count => _files.Count;

    /// <summary>Lines that were no file with such a digest and a size.</summary>
    public int Unusable { get; private set; }

    public void Add(ReadOnlySpan<byte> line)
    {
        var target = _bytes.GetSpan(digestLength)[..digestLength];
        if (!ChecksumLine.TryParse(line, out var file) || !Digest.TryRead(file.Digest, target))
        {
            Unusable++;
            return;
        }

        _bytes.Advance(digestLength);
        _bytes.Write(file.Name);
        _files.Add((file.Size, _bytes.WrittenCount));
    }

    /// <summary>The file at this place; valid until the next change.</summary>
    public void Get(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> digest, out long size)
    {
        var entry = _bytes.WrittenSpan[(index == 0 ? 0 : _files[index - 1].End).._files[index].End];
        size = _files[index].Size;
        digest = entry[..digestLength];
        name = entry[digestLength..];
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _files.Clear();
        Unusable = 0;
    }
}
