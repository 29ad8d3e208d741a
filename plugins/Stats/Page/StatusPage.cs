using System.Security.Cryptography;
using System.Text;
using AptP2P.Stats.Sections;

namespace AptP2P.Stats.Page;

/// <summary>The page: one document with its style and script inside, and nothing fetched from elsewhere.</summary>
internal static class StatusPage
{
    private const int Roomy = 16; // letters that fit into a tile at the normal size

    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    /// <summary>
    /// Nothing may run or load but what is in the page, known by its hash; so a value that slipped through unencoded would still do
    /// nothing.
    /// </summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src {Hash(Style)}; script-src {Hash(Script)}; connect-src 'self'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Whole(IEnumerable<SectionView> sections) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>apt-p2p</title>
        <link rel="icon" href="data:,">
        <style>{Style}</style>
        </head>
        <body>
        <header><h1>apt-p2p</h1><p id="state" role="status">live</p></header>
        <main>
        {Body(sections)}</main>
        <footer>The same as data: <a href="/p2p/status">/p2p/status</a></footer>
        <script>{Script}</script>
        </body>
        </html>

        """;

    /// <summary>What is inside of <c>main</c>: the script fetches it again and again.</summary>
    public static string Body(IEnumerable<SectionView> sections)
    {
        var html = new Html();
        foreach (var section in sections)
        {
            html.Add($"<section id=\"{section.Key}\">\n<h2>{section.Title}</h2>\n");
            AddValues(html, section.Items.OfType<StatusValue>());
            foreach (var table in section.Items.OfType<StatusTable>())
            {
                AddTable(html, table);
            }

            html.Add($"</section>\n");
        }

        return html.ToString();
    }

    private static void AddValues(Html html, IEnumerable<StatusValue> values)
    {
        html.Add($"<dl>\n");
        foreach (var value in values)
        {
            var size = Figure.Of(value.Value, value.Unit).Length > Roomy ? "long" : "short";
            html.Add($"<div data-key=\"{value.Key}\"><dt>{value.Label}</dt><dd class=\"{size}\">");
            AddFigure(html, value.Value, value.Unit);
            html.Add($"</dd></div>\n");
        }

        html.Add($"</dl>\n");
    }

    private static void AddTable(Html html, StatusTable table)
    {
        html.Add($"<div class=\"table\" data-key=\"{table.Key}\"><table>\n<caption>{table.Label}</caption>\n<thead><tr>");
        foreach (var column in table.Columns)
        {
            html.Add($"<th scope=\"col\">{column.Label}</th>");
        }

        html.Add($"</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Add($"<tr>");
            foreach (var (column, value) in table.Columns.Zip(row))
            {
                html.Add($"<td class=\"{(value is null or string or bool or DateTimeOffset ? "text" : "number")}\">");
                AddFigure(html, value, column.Unit);
                html.Add($"</td>");
            }

            html.Add($"</tr>\n");
        }

        html.Add($"</tbody></table>{(table.Rows.IsEmpty ? "none" : "")}</div>\n");
    }

    private static void AddFigure(Html html, object? value, StatusUnit unit)
    {
        var text = Figure.Of(value, unit);
        if (unit == StatusUnit.Ratio && value is double and >= 0 and <= 1)
        {
            html.Add($"<meter value=\"{value}\">{text}</meter> ");
        }

        html.Add($"<span title=\"{value}\">{text}</span>");
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(StatusPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
