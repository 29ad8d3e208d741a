using System.Text;
using System.Xml;

namespace AptP2P.Ports.Igd;

/// <summary>Reads the XML of routers: no entities, no documents from elsewhere, and not without end.</summary>
internal static class RouterXml
{
    private const int MaxDepth = 32; // a description has twelve
    private const int MaxElements = 4096;
    private const int MaxText = 1024; // of one element that is read

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 1 << 20,
        MaxCharactersFromEntities = 1 << 10,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>
    /// Names each element that has text alone, with the names of those around it; and each end of an element, with no text.
    /// </summary>
    /// <returns>Whether it is a whole document.</returns>
    public static bool TryRead(byte[] document, Action<string, string?> see)
    {
        try
        {
            using var stream = new MemoryStream(document, writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            var text = new StringBuilder();
            var elements = 0;
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth)
                {
                    return false;
                }

                switch (reader.NodeType)
                {
                    case XmlNodeType.Element when ++elements > MaxElements:
                        return false;
                    case XmlNodeType.Element:
                        text.Clear();
                        if (reader.IsEmptyElement)
                        {
                            see(reader.LocalName, "");
                            see(reader.LocalName, null);
                        }

                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA when text.Length + reader.Value.Length <= MaxText:
                        text.Append(reader.Value);
                        break;
                    case XmlNodeType.EndElement:
                        see(reader.LocalName, text.ToString().Trim());
                        see(reader.LocalName, null);
                        text.Clear();
                        break;
                    default:
                        break;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException or NotSupportedException)
        {
            return false; // the latter two by the encoding that it names
        }
    }
}
