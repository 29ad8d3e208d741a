namespace AptP2P.EndToEnd.Strangers;

/// <summary>What is drawn from a seeded Random.</summary>
internal static class Draw
{
    public static T One<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    public static bool Chance(this Random random, double share) => random.NextDouble() < share;

    public static byte[] Bytes(this Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A few bytes changed, or a part lost, doubled or put in.</summary>
    public static byte[] Mutate(this Random random, byte[] bytes)
    {
        var changed = bytes.ToList();
        for (var i = random.Next(1, 6); i > 0 && changed.Count > 0; i--)
        {
            var at = random.Next(changed.Count);
            var length = random.Next(Math.Min(16, changed.Count - at));
            switch (random.Next(5))
            {
                case 0:
                    changed.RemoveRange(at, length);
                    break;
                case 1:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                case 2:
                    changed.InsertRange(at, random.Bytes(length));
                    break;
                case 3:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
                default:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. changed];
    }
}
