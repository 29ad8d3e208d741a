using System.Net;

namespace AptP2P.Ports.Igd;

/// <summary>A connection of a router, as its description has it.</summary>
/// <param name="Type">The service, whose calls have its name.</param>
/// <param name="Control">Where they are sent.</param>
internal sealed record WanService(string Type, Uri Control)
{
    /// <summary>Whether it is IGD 2's, which can choose a port itself.</summary>
    public bool ChoosesPorts => Type == Description.WanIp2;
}

/// <summary>Reads a router's description (UPnP Device Architecture 1.1, 2.3).</summary>
internal static class Description
{
    public const int MaxLength = 256 << 10; // of many devices in one; most have 5 KiB
    public const string WanIp2 = "urn:schemas-upnp-org:service:WANIPConnection:2";

    private const int MaxServices = 4; // that are asked

    private static readonly string[] Types =
        [WanIp2, "urn:schemas-upnp-org:service:WANIPConnection:1", "urn:schemas-upnp-org:service:WANPPPConnection:1"];

    /// <summary>The connections of a router, the best first.</summary>
    public static WanService[] Read(byte[] document, Uri location, IPAddress router)
    {
        var services = new List<(string Type, string Control)>();
        var (type, control, start) = ("", "", "");
        var isWhole = RouterXml.TryRead(document, (name, text) =>
        {
            switch (name)
            {
                case "URLBase" when text is not null:
                    start = text;
                    break;
                case "serviceType" when text is not null:
                    type = text;
                    break;
                case "controlURL" when text is not null:
                    control = text;
                    break;
                case "service" when text is null:
                    services.Add((type, control));
                    (type, control) = ("", "");
                    break;
                default:
                    break;
            }
        });
        if (!isWhole)
        {
            return [];
        }

        var relativeTo = RouterPages.Find(start, relativeTo: null, router) ?? location;
        return
        [
            .. services.Where(service => Types.Contains(service.Type))
                .OrderBy(service => Array.IndexOf(Types, service.Type))
                .Take(MaxServices)
                .Select(service => (service.Type, Control: RouterPages.Find(service.Control, relativeTo, router)))
                .Where(service => service.Control is not null)
                .Select(service => new WanService(service.Type, service.Control!)),
        ];
    }
}
