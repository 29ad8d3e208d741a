using System.Text;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Igd;
using AptP2P.Ports.Tests.Routers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Ports.Tests.Igd;

public sealed class SoapAnswerTests
{
    [Fact]
    public void Write_ACall_HasItsNameAndArguments()
    {
        var call = SoapAnswer.Write("urn:x:1", "DeletePortMapping", ("NewRemoteHost", ""), ("NewProtocol", "<&>"));

        Assert.Equal("urn:x:1#DeletePortMapping", call.Action);
        Assert.Contains(
            "<s:Body><u:DeletePortMapping xmlns:u=\"urn:x:1\"><NewRemoteHost></NewRemoteHost>"
                + "<NewProtocol>&lt;&amp;&gt;</NewProtocol></u:DeletePortMapping></s:Body>",
            call.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnAnswer_ItsValues()
    {
        var answer = SoapAnswer.Read(Pages.Answer("GetExternalIPAddress", "<NewExternalIPAddress>1.2.11.2</NewExternalIPAddress>"),
            "GetExternalIPAddress");

        Assert.Equal((0, "1.2.11.2", ""), (answer!.Error, answer["NewExternalIPAddress"], answer["NewOther"]));
    }

    [Fact]
    public void Read_AnError_ItsNumber() => Assert.Equal(718, SoapAnswer.Read(Pages.Error(718), "AddPortMapping")?.Error);

    [Fact]
    public void Read_SomethingElse_IsNone()
    {
        var answer = Pages.Answer("AddPortMapping", "");

        Assert.Null(SoapAnswer.Read(answer, "AddAnyPortMapping")); // another call's
        Assert.Null(SoapAnswer.Read(answer with { Status = 404 }, "AddPortMapping"));
        Assert.Null(SoapAnswer.Read(answer with { Status = 302 }, "AddPortMapping"));
        Assert.Null(SoapAnswer.Read(answer with { Status = 500 }, "AddPortMapping"));
        Assert.Null(SoapAnswer.Read(Pages.Error(718) with { Status = 200 }, "AddPortMapping"));
        Assert.Null(SoapAnswer.Read(new RouterPage(200, []), "AddPortMapping"));
        Assert.Null(SoapAnswer.Read(new RouterPage(500, "<errorCode>99999999999</errorCode>"u8.ToArray()), "AddPortMapping"));
    }

    [Fact]
    public void Read_ManyOrLongValues_AreBounded()
    {
        var many = string.Concat(Enumerable.Range(0, 100).Select(at => $"<New{at}>x</New{at}>"));
        var answer = SoapAnswer.Read(Pages.Answer("A", $"<NewLong>{new string('x', 5000)}</NewLong>{many}"), "A");

        Assert.Equal(("", 32), (answer!["NewLong"], answer.Values.Count));
    }

    [Fact]
    public void Read_AnyBytes_NeverThrow() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string>(), Gen.Choose(0, 100).ToArbitrary(), (text, at) =>
            SoapAnswer.Read(
                new RouterPage(500, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Pages.Error(606).Body).Insert(at, text))), "A")
                is null or { Error: 606 }));
}
