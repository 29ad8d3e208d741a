using System.Text;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Tests.Routers;

/// <summary>What routers that speak UPnP write.</summary>
internal static class Pages
{
    /// <param name="version">IGD 1 or 2.</param>
    /// <param name="control">Where calls are sent.</param>
    /// <param name="start">What addresses are relative to; none is where the page came from.</param>
    /// <param name="kind">What the router calls its line.</param>
    public static string Description(int version, string control = "/ctl/IPConn", string start = "", string kind = "IP") => $"""
        <?xml version="1.0"?>
        <root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
        {(start.Length > 0 ? $"<URLBase>{start}</URLBase>" : "")}
        <device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:{version}</deviceType>
        <friendlyName>Awkward &amp; old</friendlyName>
        <serviceList><service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
        <controlURL>/ctl/L3F</controlURL></service></serviceList>
        <deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:{version}</deviceType>
        <deviceList><device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:{version}</deviceType>
        <serviceList><service><serviceType>urn:schemas-upnp-org:service:WAN{kind}Connection:{version}</serviceType>
        <SCPDURL>/scpd.xml</SCPDURL><controlURL>{control}</controlURL><eventSubURL/></service></serviceList>
        </device></deviceList></device></deviceList></device></root>
        """;

    public static RouterPage Answer(string action, string values) => new(200, Encoding.UTF8.GetBytes($"""
        <?xml version="1.0"?>
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
        <u:{action}Response xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">{values}</u:{action}Response></s:Body></s:Envelope>
        """));

    public static RouterPage Error(int number) => new(500, Encoding.UTF8.GetBytes($"""
        <?xml version="1.0"?>
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>
        <faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0">
        <errorCode>{number}</errorCode><errorDescription>no</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>
        """));
}
