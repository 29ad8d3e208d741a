using System.Net;
using System.Text;
using AptP2P.Ports.Igd;
using AptP2P.Ports.Tests.Routers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Ports.Tests.Igd;

public sealed class DescriptionTests
{
    private static readonly IPAddress Router = IPAddress.Parse("192.168.1.1");
    private static readonly Uri Location = new("http://192.168.1.1:5000/sub/root.xml");

    [Theory]
    [InlineData("/ctl/IPConn", "", "http://192.168.1.1:5000/ctl/IPConn")]
    [InlineData("ctl?x=1", "", "http://192.168.1.1:5000/sub/ctl?x=1")]
    [InlineData("ctl", "http://192.168.1.1:80/up/", "http://192.168.1.1/up/ctl")]
    [InlineData("http://192.168.1.1:6000/ctl", "", "http://192.168.1.1:6000/ctl")]
    [InlineData("/ctl", "http://192.168.1.2/", "http://192.168.1.1:5000/ctl")] // the base is somebody else's
    public void Read_ARoutersPage_TheControlAddress(string control, string start, string found) =>
        Assert.Equal(
            new WanService("urn:schemas-upnp-org:service:WANIPConnection:1", new Uri(found)),
            Assert.Single(Read(Pages.Description(1, control, start))));

    [Theory]
    [InlineData("http://192.168.1.2:9977/ctl")]
    [InlineData("http://router/ctl")]
    [InlineData("//192.168.1.2/ctl")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public void Read_ControlElsewhere_IsNone(string control) => Assert.Empty(Read(Pages.Description(1, control)));

    [Fact]
    public void Read_Igd2AndPpp_TheirTypes()
    {
        Assert.True(Assert.Single(Read(Pages.Description(2))).ChoosesPorts);
        Assert.Equal("urn:schemas-upnp-org:service:WANPPPConnection:1", Assert.Single(Read(Pages.Description(1, kind: "PPP"))).Type);
        Assert.Empty(Read(Pages.Description(3)));
    }

    [Fact]
    public void Read_Entities_AreRefused()
    {
        var bomb = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" + Pages.Description(1, "/&b;")[21..];
        var file = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" + Pages.Description(1, "/&b;")[21..];

        Assert.Empty(Read(bomb));
        Assert.Empty(Read(file));
    }

    [Fact]
    public void Read_TooDeepOrTooMuch_IsRefused()
    {
        Assert.Empty(Read(string.Concat(Enumerable.Repeat("<a>", 40)) + Pages.Description(1)[21..]));
        Assert.Empty(Read(Pages.Description(1).Replace(
            "<friendlyName>", string.Concat(Enumerable.Repeat("<x/>", 5000)) + "<friendlyName>", StringComparison.Ordinal)));
        Assert.Empty(Read(Pages.Description(1)[..^10])); // cut
        Assert.Empty(Read("\0ÿ"));
    }

    [Fact]
    public void Read_ManyConnections_FewAreAskedAndTheBestFirst()
    {
        var service = "<service><serviceType>urn:schemas-upnp-org:service:WAN{0}</serviceType><controlURL>/{1}</controlURL></service>";
        var services = string.Concat(Enumerable.Range(0, 20).Select(at => string.Format(
            System.Globalization.CultureInfo.InvariantCulture, service, at % 2 == 0 ? "PPPConnection:1" : "IPConnection:1", at)));

        var found = Read($"<root><device><serviceList>{services}</serviceList></device></root>");

        Assert.Equal(["/1", "/3", "/5", "/7"], found.Select(one => one.Control.AbsolutePath));
    }

    [Fact]
    public void Read_AnyChangeOfAPage_LeadsToTheRouterOrNowhere() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            Gen.Choose(0, 800).ToArbitrary(), ArbMap.Default.ArbFor<byte[]>(), (at, bytes) =>
            {
                var page = Encoding.UTF8.GetBytes(Pages.Description(1));
                bytes.AsSpan(0, Math.Min(bytes.Length, page.Length - at)).CopyTo(page.AsSpan(at));
                return Description.Read(page, Location, Router).All(service => service.Control.Host == "192.168.1.1");
            }));

    private static WanService[] Read(string page) => Description.Read(Encoding.UTF8.GetBytes(page), Location, Router);
}
