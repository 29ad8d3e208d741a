using System.ComponentModel.DataAnnotations;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Abstractions.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1048576", 1048576)]
    [InlineData("64KiB", 65536)]
    [InlineData("64 kib", 65536)]
    [InlineData("1.5MB", 1500000)]
    [InlineData("2GiB", 2147483648)]
    [InlineData(" 7B ", 7)]
    public void TryParse_EachForm_IsRead(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, null, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,5MB")]
    [InlineData("1XB")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999TiB")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(ByteSize.TryParse(text, null, out _));

    [Fact]
    public void ToString_AnySize_ReadsBackTheSame() =>
        Property.Holds(
            Gen.Choose(0, 62).SelectMany(shift => Gen.Choose(0, 1 << 20).Select(n => (long)((ulong)n << shift) & long.MaxValue)),
            bytes => ByteSize.Parse(new ByteSize(bytes).ToString(), null).Bytes == bytes);

    [Fact]
    public void TryParse_AnyText_NeverThrows() =>
        Property.Holds<string?>(text => ByteSize.TryParse(text, null, out var size) || size == default);

    [Fact]
    public void Range_OverSizes_IsHeld()
    {
        var range = new RangeAttribute(typeof(ByteSize), "64KiB", "1MiB");

        Assert.True(range.IsValid(new ByteSize(65536)));
        Assert.False(range.IsValid(new ByteSize(65535)));
        Assert.False(range.IsValid(new ByteSize((1 << 20) + 1)));
    }

    [Fact]
    public void Operators_TwoSizes_OrderByBytes()
    {
        var (small, large) = (new ByteSize(1), new ByteSize(2));

        Assert.True(small < large && large > small && small <= large && large >= small);
        Assert.False(large < small || small > large || large <= small || small >= large);
    }
}
