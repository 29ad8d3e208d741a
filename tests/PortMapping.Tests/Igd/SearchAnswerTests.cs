using System.Net;
using System.Text;
using AptP2P.Ports.Igd;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Ports.Tests.Igd;

public sealed class SearchAnswerTests
{
    private static readonly IPAddress Router = IPAddress.Parse("192.168.1.1");

    [Theory]
    [InlineData("LOCATION: http://192.168.1.1:5000/rootDesc.xml", "http://192.168.1.1:5000/rootDesc.xml")]
    [InlineData("location:http://192.168.1.1/", "http://192.168.1.1/")]
    [InlineData("Location:  http://192.168.1.1:49152/a?b=c  ", "http://192.168.1.1:49152/a?b=c")]
    public void Read_OfTheRouter_ItsPage(string line, string page) => Assert.Equal(new Uri(page), Read(Answer(line)));

    [Theory]
    [InlineData("LOCATION: http://192.168.1.2:5000/rootDesc.xml")] // somebody else's
    [InlineData("LOCATION: http://router.lan/rootDesc.xml")] // a name can lead anywhere
    [InlineData("LOCATION: https://192.168.1.1/")]
    [InlineData("LOCATION: file:///etc/passwd")]
    [InlineData("LOCATION: http://user@192.168.1.1/")]
    [InlineData("LOCATION: http://[::ffff:192.168.1.1]/")]
    [InlineData("LOCATION: http://192.168.1.1:0/")]
    [InlineData("LOCATION: http://192.168.1.1:70000/")]
    [InlineData("LOCATION: /rootDesc.xml")]
    [InlineData("LOCATION:")]
    [InlineData("AL: http://192.168.1.1/")]
    public void Read_SomewhereElse_IsNone(string line) => Assert.Null(Read(Answer(line)));

    [Fact]
    public void Read_NoAnswer_IsNone()
    {
        Assert.Null(Read("NOTIFY * HTTP/1.1\r\nLOCATION: http://192.168.1.1/\r\n\r\n"));
        Assert.Null(Read("HTTP/1.1 404 No\r\nLOCATION: http://192.168.1.1/\r\n\r\n"));
        Assert.Null(Read(Answer("LOCATION: http://192.168.1.1/\u0080")));
        Assert.Null(Read(Answer("LOCATION: http://192.168.1.1/" + new string('a', 2000))));
        Assert.Null(Read(""));
    }

    [Fact]
    public void Read_AnyBytes_LeadToTheRouterOrNowhere() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
            Read(Answer($"LOCATION: {text}")) is not { } found || found.Host == "192.168.1.1"));

    [Fact]
    public void Requests_All_AreForRouters() =>
        Assert.All(SearchAnswer.Requests, request =>
            Assert.Matches(
                "^M-SEARCH \\* HTTP/1\\.1\r\nHOST: .*\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: urn:.*InternetGatewayDevice:[12]\r\n\r\n$",
                Encoding.ASCII.GetString(request)));

    private static string Answer(string line) =>
        $"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:x\r\nEXT:\r\n{line}\r\nSERVER: Debian\r\n\r\n";

    private static Uri? Read(string text) => SearchAnswer.Read(Encoding.Latin1.GetBytes(text), Router);
}
