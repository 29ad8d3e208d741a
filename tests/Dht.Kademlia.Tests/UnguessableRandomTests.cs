using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>Whoever knows the numbers of one run must not know those of the next.</summary>
public sealed class UnguessableRandomTests
{
    [Fact]
    public void Shuffle_AfterEachStart_GivesAnotherOrder() => AssertDiffers(static random =>
    {
        var items = Enumerable.Range(0, 100).ToArray();
        random.Shuffle(items);
        return items;
    });

    [Fact]
    public void Numbers_AfterEachStart_AreOthers()
    {
        AssertDiffers(static random => Draw(() => random.Next(3, 1 << 30)));
        AssertDiffers(static random => Draw(() => random.Next(1 << 30)));
        AssertDiffers(static random => Draw(() => random.NextInt64()));
        AssertDiffers(static random => Draw(() => random.NextInt64(1L << 32)));
        AssertDiffers(static random => Draw(() => random.NextDouble()));
    }

    private static T[] Draw<T>(Func<T> next) => [.. Enumerable.Range(0, 10).Select(_ => next())];

    private static void AssertDiffers<T>(Func<Random, T[]> draw) =>
        Assert.NotEqual(draw(new UnguessableRandom()), draw(new UnguessableRandom()));
}
