using System.Net;
using AptP2P.Host.Configuration;
using Xunit;

namespace AptP2P.Host.Tests.Configuration;

public sealed class OptionTextTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("2s", 2)]
    [InlineData("1.5s", 1.5)]
    [InlineData("45min", 2700)]
    [InlineData("1 h", 3600)]
    [InlineData("1d", 86400)]
    [InlineData("00:01:30", 90)]
    [InlineData("0", 0)]
    public void DurationTryParse_EachForm_IsRead(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5m")]
    [InlineData("-1s")]
    [InlineData("-00:00:01")]
    [InlineData("s")]
    [InlineData("1e3s")]
    [InlineData("99999999999d")]
    [InlineData("1,5s")]
    public void DurationTryParse_AnythingElse_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void DurationFormat_AnyDuration_ReadsBackTheSame()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var duration = TimeSpan.FromTicks((long)Math.Pow(10, random.NextDouble() * 17)) * (i % 2 == 0 ? 1 : 0);
            duration = i % 3 == 0 ? TimeSpan.FromMilliseconds(random.Next()) : duration;

            Assert.True(Duration.TryParse(Duration.Format(duration), out var back), Duration.Format(duration));
            Assert.Equal(duration, back);
        }
    }

    [Fact]
    public void Format_ValueOfEachType_ReadsBackTheSame()
    {
        object[] values =
        [
            "text", 7, 1.5, true, LogKind.Two, new ByteSize(64 << 10), TimeSpan.FromMinutes(45), IPAddress.Parse("::1"),
            IPEndPoint.Parse("[::1]:80"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("10.1.2.3/32"),
        ];
        foreach (var value in values)
        {
            Assert.Null(OptionText.TryParse(OptionText.Format(value), value.GetType(), out var back));
            Assert.Equal(value, back);
        }
    }

    [Theory]
    [InlineData("192.0.2.7", typeof(IPEndPoint))]
    [InlineData("10.0.0.0/33", typeof(IPNetwork))]
    [InlineData("a,b", typeof(int[]))]
    [InlineData("", typeof(int))]
    [InlineData("1", typeof(LogKind))]
    [InlineData("yes", typeof(bool))]
    public void TryParse_WhatDoesNotFitTheType_IsRefused(string text, Type type) => Assert.NotNull(OptionText.TryParse(text, type, out _));

    [Fact]
    public void TryParse_TypeThatNoTextStandsFor_IsAMistakeOfItsAuthor() =>
        Assert.Throws<NotSupportedException>(() => OptionText.TryParse("x", typeof(OptionTextTests), out _));

    private enum LogKind
    {
        One,
        Two,
    }
}
