namespace AptP2P.Host.Catalog.Decompression;

/// <summary>Reads a compressed stream through a <see cref="NativeDecoder"/>. The compressed stream is left open.</summary>
internal sealed class NativeDecoderStream(Stream source, NativeDecoder decoder) : ReadOnlyStream
{
    private readonly byte[] _input = new byte[64 << 10];
    private int _start;
    private int _end;
    private bool _sourceEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_start == _end && !_sourceEnded)
            {
                (_start, _end) = (0, await source.ReadAsync(_input, cancellationToken));
                _sourceEnded = _end == 0;
            }

            if (_sourceEnded && decoder.IsAtEnd)
            {
                return 0;
            }

            var (consumed, written) = decoder.Decode(_input.AsSpan(_start, _end - _start), buffer.Span);
            _start += consumed;
            if (written > 0)
            {
                return written;
            }

            if (_sourceEnded && !decoder.IsAtEnd)
            {
                throw new InvalidDataException("the compressed data ends too early");
            }

            if (consumed == 0 && _start < _end)
            {
                throw new InvalidDataException("the compressed data is damaged");
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }
}
