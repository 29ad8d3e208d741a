using System.Text;
using System.Text.Encodings.Web;

namespace AptP2P.Stats.Help;

/// <summary>
/// docs/problems.md as a page of the daemon, so that who sees a problem needs no other place to look. Each heading's element has the
/// problem's key as its id.
/// </summary>
internal static class ProblemHelp
{
    private const string Heading = "## ";

    private static readonly string[] Blocks = Read().ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] Keys =
        [.. Blocks.Where(block => block.StartsWith(Heading, StringComparison.Ordinal)).Select(block => block[Heading.Length..].Trim())];

    /// <summary>What stands in the page.</summary>
    public static string Html { get; } = $"<section class=\"help\">{ToHtml()}</section>\n";

    /// <summary>
    /// The id of what is said of a problem; nothing where nobody has written of it, as of another's plugin's. One problem may be said of
    /// several things, each with its name at the end of the key.
    /// </summary>
    public static string? IdOf(string key) =>
        Keys.Where(known => key.StartsWith(known, StringComparison.Ordinal)).MaxBy(known => known.Length);

    /// <summary>What is used of Markdown there: headings, paragraphs, indented lines of commands, and code.</summary>
    private static string ToHtml()
    {
        var html = new StringBuilder();
        foreach (var block in Blocks)
        {
            var text = block.Trim('\n');
            html.Append(
                text.StartsWith(Heading, StringComparison.Ordinal) ? $"<h2 id=\"{Encode(text[3..])}\">{Encode(text[3..])}</h2>\n"
                : text.StartsWith("# ", StringComparison.Ordinal) ? $"<h2 class=\"title\">{Encode(text[2..])}</h2>\n"
                : text.StartsWith("    ", StringComparison.Ordinal) ? $"<pre>{Encode(text)}</pre>\n"
                : $"<p>{Inline(text)}</p>\n");
        }

        return html.ToString();
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(ProblemHelp).Assembly.GetManifestResourceStream("problems.md")!);
        return reader.ReadToEnd();
    }

    private static string Inline(string text) =>
        string.Concat(text.Split('`').Select((part, index) => index % 2 == 1 ? $"<code>{Encode(part)}</code>" : Encode(part)));

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
