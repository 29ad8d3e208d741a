using System.Net;
using AptP2P.Host.Links;
using Xunit;

namespace AptP2P.Host.Tests.Links;

/// <summary>Lines as proc_net(5) writes them.</summary>
public sealed class OnLinkRoutesTests
{
    private const string None = "00000000000000000000000000000000";

    [Theory]
    [InlineData("20010db8000100020000000000000000", "40", "00000001", "2001:db8:1:2::/64")]
    [InlineData("20010db8000100020000000000000000", "40", "00400001", "2001:db8:1:2::/64")] // of a router's advertisement
    [InlineData("2a020908100000000000000000000000", "78", "00000001", "2a02:908:1000::/120")]
    public void Read_ALinksPrefix_IsOne(string destination, string length, string flags, string expected) =>
        Assert.Equal([IPNetwork.Parse(expected)], OnLinkRoutes.Read([Line(destination, length, flags)]));

    [Theory]
    [InlineData("20010db8000100020000000000000000", "40", "00000003")] // behind a gateway
    [InlineData("20010db8000100020000000000000000", "40", "00000000")] // down
    [InlineData("20010db8000100020000000000000000", "40", "00000201")] // refused
    [InlineData("20010db8000100020000000000000005", "80", "80200001")] // this machine itself
    [InlineData("20010db8000100020000000000000000", "80", "80100001")] // anycast
    [InlineData("20010db8000000000000000000000000", "20", "00000001")] // 6rd: a whole provider
    [InlineData(None, "00", "00000001")] // a tunnel to everybody
    [InlineData("fe800000000000000000000000000000", "40", "00000001")] // near by its address already
    [InlineData("ff000000000000000000000000000000", "08", "00000001")]
    public void Read_OthersPrefix_IsNone(string destination, string length, string flags) =>
        Assert.Empty(OnLinkRoutes.Read([Line(destination, length, flags)]));

    [Fact]
    public void Read_OtherLines_AreLeftOut() => Assert.Empty(OnLinkRoutes.Read(["", "a b c", Line("2001", "40", "00000001")]));

    [Fact]
    public void OfSystem_Always_IsRead() => Assert.DoesNotContain(OnLinkRoutes.OfSystem(), network => network.PrefixLength < 64);

    private static string Line(string destination, string length, string flags) =>
        $"{destination} {length} {None} 00 {None} 00000400 00000001 00000000 {flags}     eth0";
}
