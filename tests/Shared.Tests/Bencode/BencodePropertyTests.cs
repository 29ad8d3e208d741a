using AptP2P.Shared.Bencode;
using AptP2P.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Shared.Tests.Bencode;

public sealed class BencodePropertyTests
{
    private static readonly Gen<object> Strings = Gen.Elements("", "a", "\0ÿ", "info_hash", new string('x', 100))
        .Select(static text => (object)text);
    private static readonly Gen<object> Numbers = Gen.Choose(int.MinValue, int.MaxValue).Select(static number => (object)(long)number);

    [Fact]
    public void Read_AnyValue_GivesWhatWasWritten() => Check(Values(3), static value =>
    {
        var bytes = PlainBencode.Encode(value);
        var copied = new byte[bytes.Length];
        var writer = new BencodeWriter(copied);
        var reader = new BencodeReader(bytes);
        Copy(ref reader, ref writer);
        return BencodeValidator.IsValid(bytes, BencodeLimits.Item) && !writer.Overflowed && copied.AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void IsValid_EveryPrefixOfAValue_IsRefused() => Check(Values(3), static value =>
    {
        var bytes = PlainBencode.Encode(value);
        return Enumerable.Range(0, bytes.Length).All(length => !BencodeValidator.IsValid(bytes.AsSpan(0, length), BencodeLimits.Datagram));
    });

    [Fact]
    public void IsValid_ValueWithATail_IsRefused() => Check(Values(2), static value =>
        !BencodeValidator.IsValid([.. PlainBencode.Encode(value), (byte)'e'], BencodeLimits.Datagram));

    [Fact]
    public void Write_TooLittleMemory_OverflowsAndStaysInside() => Check(Values(2), static value =>
    {
        var bytes = PlainBencode.Encode(value);
        for (var length = 0; length < bytes.Length; length++)
        {
            var writer = new BencodeWriter(new byte[length]);
            var reader = new BencodeReader(bytes);
            Copy(ref reader, ref writer);
            if (!writer.Overflowed)
            {
                return false;
            }
        }

        return true;
    });

    private static void Copy(ref BencodeReader reader, ref BencodeWriter writer)
    {
        switch (reader.Kind)
        {
            case BencodeKind.String:
                writer.String(reader.ReadString());
                break;
            case BencodeKind.Integer:
                writer.Integer(reader.ReadInteger());
                break;
            case BencodeKind.List:
                writer.StartList();
                for (reader.Enter(); reader.Kind != BencodeKind.End;)
                {
                    Copy(ref reader, ref writer);
                }

                reader.Leave();
                writer.End();
                break;
            default:
                writer.StartDictionary();
                for (reader.Enter(); reader.Kind != BencodeKind.End;)
                {
                    writer.Key(reader.ReadString());
                    Copy(ref reader, ref writer);
                }

                reader.Leave();
                writer.End();
                break;
        }
    }

    private static Gen<object> Values(int depth) => depth == 0 ? Gen.OneOf(Strings, Numbers) : Gen.OneOf(
        Strings,
        Numbers,
        Values(depth - 1).ListOf(3).Select(static items => (object)items.ToList()),
        Values(depth - 1).ListOf(3).Select(static items => (object)items.Select(static (item, index) => ($"key{index}", item)).ToList()));

    private static void Check(Gen<object> values, Func<object, bool> property) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithReplay(20260101, 77).WithMaxTest(300), Prop.ForAll(values.ToArbitrary(), property));
}
