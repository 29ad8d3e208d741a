using System.Runtime.InteropServices;

namespace AptP2P.Host.Catalog.Decompression;

/// <summary>
/// A C library that decompresses step by step. dpkg and apt depend on every library used here, so each is there where apt is.
/// </summary>
internal abstract class NativeDecoder : SafeHandle
{
    protected NativeDecoder() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Whether the last step ended a whole stream or frame: the input may end here, and may also go on with another one.</summary>
    public bool IsAtEnd { get; protected set; }

    /// <summary>Consumes input, produces output, or both.</summary>
    /// <exception cref="InvalidDataException">The input is damaged, or wants more memory than the limit.</exception>
    public abstract (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output);
}
