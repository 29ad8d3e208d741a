using AptP2P.Shared.Bencode;

namespace AptP2P.Fuzz.Targets;

/// <summary>Doors with a fault that we made, to see that it would be found. Not in <see cref="Target.All"/>.</summary>
internal static class Planted
{
    public const string Word = "The planted fault.";

    public static Target[] Targets { get; } =
    [
        new("planted-exception", input => At77(input, static () => throw new InvalidOperationException(Word))),
        new("planted-end", input => At77(input, static () => Environment.FailFast(Word))),
    ];

    private static void At77(ReadOnlySpan<byte> input, Action fail)
    {
        if (BencodeValidator.IsValid(input, BencodeLimits.Item) && BencodeReader.AsInteger(input) == 77)
        {
            fail();
        }
    }
}
