using System.Globalization;
using System.Security;
using System.Text;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Igd;

/// <summary>What a call brought: values, or an error (UPnP Device Architecture 1.1, 3.2).</summary>
/// <param name="Error">The error's number; 0 for none.</param>
/// <param name="Values">What the call gives back.</param>
internal sealed record SoapAnswer(int Error, IReadOnlyDictionary<string, string> Values)
{
    public const int MaxLength = 16 << 10;

    private const int MaxValues = 32;
    private const string Envelope = "http://schemas.xmlsoap.org/soap/envelope/";

    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <summary>Writes a call.</summary>
    public static RouterCall Write(string service, string action, params IEnumerable<(string Name, string Value)> arguments)
    {
        var body = new StringBuilder("<?xml version=\"1.0\"?>\r\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"<s:Envelope xmlns:s=\"{Envelope}\" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>")
            .Append(CultureInfo.InvariantCulture, $"<u:{action} xmlns:u=\"{service}\">");
        foreach (var (name, value) in arguments)
        {
            body.Append(CultureInfo.InvariantCulture, $"<{name}>{SecurityElement.Escape(value)}</{name}>");
        }

        body.Append(CultureInfo.InvariantCulture, $"</u:{action}></s:Body></s:Envelope>\r\n");
        return new RouterCall($"{service}#{action}", body.ToString());
    }

    /// <summary>Reads what a call brought.</summary>
    /// <returns><see langword="null"/> if it is neither the call's answer nor an error.</returns>
    public static SoapAnswer? Read(RouterPage page, string action)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var (isAnswer, error) = (false, 0);
        var isWhole = RouterXml.TryRead(page.Body, (name, text) =>
        {
            if (name == $"{action}Response")
            {
                isAnswer = true;
            }
            else if (text is null)
            {
                return;
            }
            else if (name == "errorCode")
            {
                error = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
            }
            else if (name.StartsWith("New", StringComparison.Ordinal) && values.Count < MaxValues)
            {
                values[name] = text;
            }
        });
        return (page.Status, isWhole) switch
        {
            (200, true) when isAnswer => new SoapAnswer(0, values),
            (500, true) when error > 0 => new SoapAnswer(error, values),
            _ => null,
        };
    }
}
