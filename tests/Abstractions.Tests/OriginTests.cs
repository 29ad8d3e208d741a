using Xunit;

namespace AptP2P.Abstractions.Tests;

public sealed class OriginTests
{
    [Theory]
    [InlineData("http", "ftp.us.debian.org", 80, "http://ftp.us.debian.org/a")]
    [InlineData("https", "ftp.us.debian.org", 443, "https://ftp.us.debian.org/a")]
    [InlineData("http", "ftp.us.debian.org", 8080, "http://ftp.us.debian.org:8080/a")]
    [InlineData("https", "ftp.us.debian.org", 80, "https://ftp.us.debian.org:80/a")]
    public void ToString_Port_IsWrittenOnlyWhereItIsNotTheSchemesOwn(string scheme, string host, int port, string expected) =>
        Assert.Equal(expected, new Origin(scheme, host, port, "/a", OriginReach.Public).ToString());

    [Theory]
    [InlineData("/pool/g++_1%2b2.deb")]
    [InlineData("/pool/a%2Fb/../c.deb?x=1%3d")]
    public void ToUri_PathWithEscapes_KeepsItsBytes(string path) =>
        Assert.Equal(path, new Origin("http", "ftp.us.debian.org", 80, path, OriginReach.Public).ToUri().PathAndQuery);

    [Fact]
    public void ByteRangeLength_Range_IsItsBytes() => Assert.Equal(7, new ByteRange(3, 10).Length);
}
