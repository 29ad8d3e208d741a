using Xunit;

namespace AptP2P.Shared.Tests;

public sealed class RangeHeaderTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-499", 0, 500)]
    [InlineData("bytes=500-", 500, 1000)]
    [InlineData("bytes=-1", 999, 1000)]
    [InlineData("bytes=-1000", 0, 1000)]
    [InlineData("bytes=-9999", 0, 1000)]
    [InlineData("bytes=990-5000", 990, 1000)]
    [InlineData("bytes=0-9223372036854775807", 0, 1000)]
    [InlineData(" Bytes= 1-2 ", 1, 3)]
    public void Read_OneRange_ItsBytes(string header, long start, long end) =>
        Assert.Equal(new ByteRange(start, end), RangeHeader.Read(header, 1000));

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=1000-2000")]
    [InlineData("bytes=-0")]
    public void Read_BehindTheEnd_Empty(string header) => Assert.Equal(0, RangeHeader.Read(header, 1000)!.Value.Length);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("lines=1-2")]
    public void Read_SeveralOrNotUnderstood_Everything(string? header) => Assert.Null(RangeHeader.Read(header, 1000));

    [Fact]
    public void Read_RandomText_InsideTheContentOrNothing()
    {
        const string Letters = "bytes=0123456789-, ";
        var random = new Random(1);
        for (var run = 0; run < 50_000; run++)
        {
            var text = "bytes=" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)]));
            var length = random.Next(3000);

            var range = RangeHeader.Read(text, length);

            Assert.True(
                range is not { } some || (some.Start >= 0 && some.Start <= some.End && some.End <= length), $"{text} of {length}: {range}");
        }
    }
}
