using Xunit;

namespace AptP2P.Shared.Tests;

public sealed class ReadableSizeTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(110_000, "110 kB")]
    [InlineData(999_600, "1.0 MB")]
    [InlineData(900_000_000, "900 MB")]
    [InlineData(1_234_567_890, "1.2 GB")]
    [InlineData(5_000_000_000_000_000, "5000 TB")]
    public void Of_ASize_TwoDigitsOrMoreInDecimalUnits(long bytes, string expected) => Assert.Equal(expected, ReadableSize.Of(bytes));
}
