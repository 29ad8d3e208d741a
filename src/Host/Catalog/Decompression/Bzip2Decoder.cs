using System.Runtime.InteropServices;

namespace AptP2P.Host.Catalog.Decompression;

/// <summary>bz2 by libbz2, which never takes more than 4 MB.</summary>
internal sealed unsafe partial class Bzip2Decoder : NativeDecoder
{
    private const string Library = "libbz2.so.1.0";
    private const int Ok = 0;
    private const int StreamEnd = 4;

    public Bzip2Decoder()
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(Bzip2Stream)));
        Start();
    }

    public override (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (IsAtEnd)
        {
            _ = BZ2_bzDecompressEnd((Bzip2Stream*)handle); // pbzip2 writes many streams in one file
            Start();
        }

        var stream = (Bzip2Stream*)handle;
        fixed (byte* inputStart = input, outputStart = output)
        {
            stream->NextIn = inputStart;
            stream->AvailableIn = (uint)input.Length;
            stream->NextOut = outputStart;
            stream->AvailableOut = (uint)output.Length;
            var status = BZ2_bzDecompress(stream);
            IsAtEnd = status == StreamEnd;
            if (status is not (Ok or StreamEnd))
            {
                throw new InvalidDataException($"libbz2 says error {status}");
            }

            return (input.Length - (int)stream->AvailableIn, output.Length - (int)stream->AvailableOut);
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = BZ2_bzDecompressEnd((Bzip2Stream*)handle);
        NativeMemory.Free((void*)handle);
        return true;
    }

    private void Start()
    {
        IsAtEnd = false;
        *(Bzip2Stream*)handle = default;
        if (BZ2_bzDecompressInit((Bzip2Stream*)handle, 0, 0) != Ok)
        {
            throw new InvalidDataException("libbz2 does not start");
        }
    }

    [LibraryImport(Library)]
    private static partial int BZ2_bzDecompressInit(Bzip2Stream* stream, int verbosity, int small);

    [LibraryImport(Library)]
    private static partial int BZ2_bzDecompress(Bzip2Stream* stream);

    [LibraryImport(Library)]
    private static partial int BZ2_bzDecompressEnd(Bzip2Stream* stream);

    /// <summary>bz_stream of bzlib.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Bzip2Stream
    {
        public byte* NextIn;
        public uint AvailableIn, TotalInLow, TotalInHigh;
        public byte* NextOut;
        public uint AvailableOut, TotalOutLow, TotalOutHigh;
        public nint State, Allocate, Free, Opaque;
    }
}
