using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Stats.Page;

/// <summary>The page: one document with its style and script inside, and nothing fetched from elsewhere.</summary>
internal static class Document
{
    private static readonly string Frame = Resource("page.html");
    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    /// <summary>
    /// Nothing may run or load but what is in the page, known by its hash; so a value that slipped through unencoded would still do
    /// nothing.
    /// </summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src {Hash(Style)}; script-src {Hash(Script)}; connect-src 'self'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The whole page: the parts that are meant for everybody, and below them all that the sections say.</summary>
    public static string Of(IReadOnlyList<PagePart> parts)
    {
        var main = new StringBuilder();
        foreach (var part in parts.Where(part => !part.IsSection))
        {
            main.Append(CultureInfo.InvariantCulture, $"<section id=\"{part.Id}\">{part.Html}</section>\n");
        }

        main.Append("<section id=\"all\"><h2>Everything</h2>\n");
        foreach (var part in parts.Where(part => part.IsSection))
        {
            main.Append(CultureInfo.InvariantCulture, $"<div id=\"{part.Id}\">{part.Html}</div>\n");
        }

        return Of(main.Append("</section>\n").ToString());
    }

    /// <summary>A page around what stands in its <c>main</c>.</summary>
    public static string Of(string main) =>
        Frame.Replace("{style}", Style, StringComparison.Ordinal).Replace("{script}", Script, StringComparison.Ordinal)
            .Replace("{main}", main, StringComparison.Ordinal); // last: what strangers say is not looked at

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Document).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
