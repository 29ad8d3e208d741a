using System.Net;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Igd;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>What a router that speaks UPnP says: its answer to a search, its description, its answer to a call.</summary>
internal static class UpnpPages
{
    private const int XmlCost = 256 << 10; // of the framework's reader, whatever it reads

    private static readonly IPAddress Router = IPAddress.Parse("192.168.1.1");
    private static readonly Uri Location = new("http://192.168.1.1:5000/root.xml");

    public static void CheckSearch(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var found = SearchAnswer.Read(input, Router);
        allowance.End(input.Length, each: 32, fixedCost: 8 << 10);
        Assert.True(found is null || IsOwn(found), $"{found}");
    }

    public static void CheckDescription(ReadOnlySpan<byte> input)
    {
        var page = input.ToArray();
        var allowance = Allowance.Begin();
        var services = Description.Read(page, Location, Router);
        allowance.End(input.Length, each: 64, fixedCost: XmlCost);
        Assert.InRange(services.Length, 0, 4);
        Assert.All(services, service => Assert.True(IsOwn(service.Control), $"{service}"));
    }

    public static void CheckCall(ReadOnlySpan<byte> input)
    {
        var page = new RouterPage(InputParts.TakeNumber(ref input) == 500 ? 500 : 200, input.ToArray());
        var allowance = Allowance.Begin();
        var answer = SoapAnswer.Read(page, "GetExternalIPAddress");
        allowance.End(input.Length, each: 64, fixedCost: XmlCost);
        Assert.True(answer is null || answer.Error > 0 == (page.Status == 500), "an error in another's place");
        Assert.True(answer is null || answer.Values.Count <= 32);
    }

    private static bool IsOwn(Uri address) => address is { Scheme: "http", Host: "192.168.1.1", UserInfo: "", Port: > 0 };
}
