using System.Runtime.InteropServices;

namespace AptP2P.Host.Catalog.Decompression;

/// <summary>xz and lzma by liblzma.</summary>
internal sealed unsafe partial class LzmaDecoder : NativeDecoder
{
    /// <summary>What <c>xz -9</c> makes needs 65 MiB, Debian's indexes 9. Stops a header that asks for gigabytes.</summary>
    private const ulong MemoryLimit = 80 << 20;

    private const string Library = "liblzma.so.5";
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int BufferError = 10; // no progress was possible: not an error until the input has ended
    private const int Run = 0;

    public LzmaDecoder()
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(LzmaStream)));
        Start();
    }

    public override (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (IsAtEnd)
        {
            Start(); // `xz` joins files by simply appending them
        }

        var stream = (LzmaStream*)handle;
        fixed (byte* inputStart = input, outputStart = output)
        {
            stream->NextIn = inputStart;
            stream->AvailableIn = (nuint)input.Length;
            stream->NextOut = outputStart;
            stream->AvailableOut = (nuint)output.Length;
            var status = lzma_code(stream, Run);
            IsAtEnd = status == StreamEnd;
            if (status is not (Ok or StreamEnd or BufferError))
            {
                throw new InvalidDataException($"liblzma says error {status}");
            }

            return (input.Length - (int)stream->AvailableIn, output.Length - (int)stream->AvailableOut);
        }
    }

    protected override bool ReleaseHandle()
    {
        lzma_end((LzmaStream*)handle);
        NativeMemory.Free((void*)handle);
        return true;
    }

    private void Start()
    {
        IsAtEnd = false;
        var status = lzma_auto_decoder((LzmaStream*)handle, MemoryLimit, 0);
        if (status != Ok)
        {
            throw new InvalidDataException($"liblzma says error {status}");
        }
    }

    [LibraryImport(Library)]
    private static partial int lzma_auto_decoder(LzmaStream* stream, ulong memoryLimit, uint flags);

    [LibraryImport(Library)]
    private static partial int lzma_code(LzmaStream* stream, int action);

    [LibraryImport(Library)]
    private static partial void lzma_end(LzmaStream* stream);

    /// <summary>lzma_stream of lzma/base.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LzmaStream
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;
        public nint Reserved1, Reserved2, Reserved3, Reserved4;
        public ulong SeekPosition, ReservedInt2;
        public nuint ReservedInt3, ReservedInt4;
        public int ReservedEnum1, ReservedEnum2;
    }
}
