namespace AptP2P.Host.Tests.Apt;

/// <summary>Damages valid input in the ways that break parsers: bytes changed, cut out, doubled, cut off.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling =
    [
        0, (byte)' ', (byte)'\n', (byte)'\r', (byte)':', (byte)'/', (byte)'%', (byte)'.', (byte)'-', 0x7f, 0xff,
    ];

    public static byte[] Of(byte[] valid, Random random)
    {
        var bytes = valid.ToList();
        for (var i = random.Next(1, 8); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
