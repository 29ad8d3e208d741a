using System.Text;
using System.Text.Encodings.Web;
using AptP2P.Stats.Page;

namespace AptP2P.Stats.Help;

/// <summary>
/// docs/problems.md as a page of the daemon, so that who sees a problem needs no other place to look. Each heading's element has the
/// problem's key as its id.
/// </summary>
internal static class ProblemHelp
{
    public static string Page { get; } = Document.Of($"<section class=\"help\">{ToHtml(Document.Resource("problems.md"))}</section>\n");

    /// <summary>What is used of Markdown there: headings, paragraphs, indented lines of commands, and code.</summary>
    public static string ToHtml(string markdown)
    {
        var html = new StringBuilder();
        foreach (var block in markdown.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var text = block.Trim('\n');
            html.Append(
                text.StartsWith("## ", StringComparison.Ordinal) ? $"<h2 id=\"{Encode(text[3..])}\">{Encode(text[3..])}</h2>\n"
                : text.StartsWith("# ", StringComparison.Ordinal) ? $"<h2 class=\"title\">{Encode(text[2..])}</h2>\n"
                : text.StartsWith("    ", StringComparison.Ordinal) ? $"<pre>{Encode(text)}</pre>\n"
                : $"<p>{Inline(text)}</p>\n");
        }

        return html.ToString();
    }

    private static string Inline(string text) =>
        string.Concat(text.Split('`').Select((part, index) => index % 2 == 1 ? $"<code>{Encode(part)}</code>" : Encode(part)));

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
