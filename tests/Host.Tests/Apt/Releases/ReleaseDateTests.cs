using System.Text;
using AptP2P.Host.Apt.Releases;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Releases;

public sealed class ReleaseDateTests
{
    [Theory]
    [InlineData("Fri, 20 Nov 2026  2:27:59 UTC", "2026-11-20T02:27:59Z")]
    [InlineData("Fri, 20 Nov 2026 02:27:59 +0000", "2026-11-20T02:27:59Z")]
    [InlineData("Sat,  5 Dec 2026 02:07:09 GMT", "2026-12-05T02:07:09Z")]
    [InlineData("5 Dec 2026 2:27:59 Z", "2026-12-05T02:27:59Z")]
    [InlineData("Fri, 20 Nov 2026 02:27:59 +0200", "2026-11-20T00:27:59Z")]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    public void TryParse_Dates_AreReadOrLeftOut(string text, string? expected) =>
        Assert.Equal(
            expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            ReleaseDate.TryParse(Encoding.ASCII.GetBytes(text)));
}
