using System.Runtime.InteropServices;

namespace AptP2P.Host.Catalog.Decompression;

/// <summary>gz by zlib: .NET's GZipStream takes a file that was cut off for a whole one.</summary>
internal sealed unsafe partial class GzipDecoder : NativeDecoder
{
    private const string Library = "libz.so.1";
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int BufferError = -5; // no progress was possible: not an error until the input has ended
    private const int NoFlush = 0;
    private const int GzipOnly = 15 + 16; // windowBits: the largest window, 32 KiB, and gzip's header

    public GzipDecoder()
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(ZlibStream)));
        if (inflateInit2_((ZlibStream*)handle, GzipOnly, "1", sizeof(ZlibStream)) != Ok) // zlib compares the first digit of its version
        {
            throw new InvalidDataException("zlib does not start");
        }
    }

    public override (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var stream = (ZlibStream*)handle;
        if (IsAtEnd)
        {
            _ = inflateReset(stream); // RFC 1952 section 2.2: a file may have many members
        }

        fixed (byte* inputStart = input, outputStart = output)
        {
            stream->NextIn = inputStart;
            stream->AvailableIn = (uint)input.Length;
            stream->NextOut = outputStart;
            stream->AvailableOut = (uint)output.Length;
            var status = inflate(stream, NoFlush);
            IsAtEnd = status == StreamEnd;
            if (status is not (Ok or StreamEnd or BufferError))
            {
                throw new InvalidDataException($"zlib says error {status}");
            }

            return (input.Length - (int)stream->AvailableIn, output.Length - (int)stream->AvailableOut);
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = inflateEnd((ZlibStream*)handle);
        NativeMemory.Free((void*)handle);
        return true;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inflateInit2_(ZlibStream* stream, int windowBits, string version, int streamSize);

    [LibraryImport(Library)]
    private static partial int inflateReset(ZlibStream* stream);

    [LibraryImport(Library)]
    private static partial int inflate(ZlibStream* stream, int flush);

    [LibraryImport(Library)]
    private static partial int inflateEnd(ZlibStream* stream);

    /// <summary>z_stream of zlib.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ZlibStream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public CULong TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public CULong TotalOut;
        public nint Message, State, Allocate, Free, Opaque;
        public int DataType;
        public CULong Adler, Reserved;
    }
}
