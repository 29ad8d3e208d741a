using System.Runtime.InteropServices;

namespace AptP2P.Host.Catalog.Decompression;

/// <summary>lz4 frames by liblz4, as apt keeps its lists with Acquire::GzipIndexes. Blocks have 4 MB at most.</summary>
internal sealed unsafe partial class Lz4Decoder : NativeDecoder
{
    private const string Library = "liblz4.so.1";
    private const uint Version = 100; // LZ4F_VERSION

    public Lz4Decoder()
    {
        if (LZ4F_isError(LZ4F_createDecompressionContext(out var context, Version)) != 0)
        {
            throw new InvalidDataException("liblz4 does not start");
        }

        SetHandle(context);
    }

    public override (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        fixed (byte* inputStart = input, outputStart = output)
        {
            var (consumed, written) = ((nuint)input.Length, (nuint)output.Length);
            var hint = LZ4F_decompress(handle, outputStart, &written, inputStart, &consumed, 0);
            if (LZ4F_isError(hint) != 0)
            {
                throw new InvalidDataException($"liblz4 says {Marshal.PtrToStringUTF8(LZ4F_getErrorName(hint))}");
            }

            IsAtEnd = hint == 0;
            return ((int)consumed, (int)written);
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = LZ4F_freeDecompressionContext(handle);
        return true;
    }

    [LibraryImport(Library)]
    private static partial nuint LZ4F_createDecompressionContext(out nint context, uint version);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_freeDecompressionContext(nint context);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_decompress(
        nint context, byte* output, nuint* outputSize, byte* input, nuint* inputSize, nint options);

    [LibraryImport(Library)]
    private static partial uint LZ4F_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint LZ4F_getErrorName(nuint code);
}
