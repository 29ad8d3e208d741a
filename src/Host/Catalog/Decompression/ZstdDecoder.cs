using System.Runtime.InteropServices;

namespace AptP2P.Host.Catalog.Decompression;

/// <summary>zst by libzstd.</summary>
internal sealed unsafe partial class ZstdDecoder : NativeDecoder
{
    /// <summary>64 MiB: more than <c>zstd -19</c> uses. Stops a header that asks for gigabytes.</summary>
    private const int WindowLogLimit = 26;

    private const string Library = "libzstd.so.1";
    private const int WindowLogMax = 100; // ZSTD_d_windowLogMax

    public ZstdDecoder()
    {
        SetHandle(ZSTD_createDCtx());
        _ = ZSTD_DCtx_setParameter(handle, WindowLogMax, WindowLogLimit);
    }

    public override (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        fixed (byte* inputStart = input, outputStart = output)
        {
            var from = new Buffer { Start = inputStart, Size = (nuint)input.Length };
            var to = new Buffer { Start = outputStart, Size = (nuint)output.Length };
            var hint = ZSTD_decompressStream(handle, &to, &from);
            if (ZSTD_isError(hint) != 0)
            {
                throw new InvalidDataException($"libzstd says {Marshal.PtrToStringUTF8(ZSTD_getErrorName(hint))}");
            }

            IsAtEnd = hint == 0;
            return ((int)from.Position, (int)to.Position);
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = ZSTD_freeDCtx(handle);
        return true;
    }

    [LibraryImport(Library)]
    private static partial nint ZSTD_createDCtx();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_DCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressStream(nint context, Buffer* output, Buffer* input);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer of zstd.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }
}
