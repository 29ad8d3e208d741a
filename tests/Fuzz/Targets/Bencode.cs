using AptP2P.Shared.Bencode;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>Bencoded bytes (BEP 3): what is read and written again is the same, in whatever way it is read.</summary>
internal static class Bencode
{
    private static readonly BencodeLimits Loose = BencodeLimits.File with { Canonical = false };

    public static void Check(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var (loose, canonical) = (BencodeValidator.IsValid(input, Loose), BencodeValidator.IsValid(input, BencodeLimits.File));
        var (datagram, item) = (
            BencodeValidator.IsValid(input, BencodeLimits.Datagram), BencodeValidator.IsValid(input, BencodeLimits.Item));
        allowance.End(input.Length, each: 0, fixedCost: 0);

        Assert.True(loose || !(canonical || datagram), "a stricter limit let pass what a looser one refuses");
        Assert.Equal(canonical && datagram, item);
        if (loose)
        {
            CheckCopy(input, canonical);
            CheckSimple(input);
        }
    }

    /// <summary>Numbers lose their leading zeros and nothing else: what is canonical is the same to the byte.</summary>
    private static void CheckCopy(ReadOnlySpan<byte> input, bool canonical)
    {
        var reader = new BencodeReader(input);
        Assert.True(reader.ReadRaw().SequenceEqual(input), "a value ends elsewhere for the reader than for the validator");
        Assert.Equal(BencodeKind.End, reader.Kind);

        var writer = new BencodeWriter(new byte[input.Length]);
        reader = new BencodeReader(input);
        Copy(ref reader, ref writer);
        Assert.False(writer.Overflowed, "what was read is longer than where it was read from");
        Assert.True(
            canonical ? writer.Written.SequenceEqual(input) : BencodeValidator.IsValid(writer.Written, Loose),
            "it was not read as it is written");
    }

    private static void Copy(ref BencodeReader reader, ref BencodeWriter writer)
    {
        if (reader.Kind == BencodeKind.Integer)
        {
            writer.Integer(reader.ReadInteger());
            return;
        }

        if (reader.Kind == BencodeKind.String)
        {
            writer.String(reader.ReadString());
            return;
        }

        writer.Raw(reader.Kind == BencodeKind.List ? "l"u8 : "d"u8);
        for (reader.Enter(); reader.Kind != BencodeKind.End;)
        {
            Copy(ref reader, ref writer);
        }

        reader.Leave();
        writer.End();
    }

    /// <summary>A value that is kept as its bytes is read as one that is read in passing.</summary>
    private static void CheckSimple(ReadOnlySpan<byte> input)
    {
        Assert.Equal(new BencodeReader(input).IntegerOrSkip(), BencodeReader.AsInteger(input));
        Assert.True(new BencodeReader(input).StringOrSkip().SequenceEqual(BencodeReader.AsString(input)), "the strings differ");
    }
}
