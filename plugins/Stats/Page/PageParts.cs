using AptP2P.Stats.Sections;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;

namespace AptP2P.Stats.Page;

/// <summary>The page in parts, each with the id of its element: so the stream sends only what has changed.</summary>
internal sealed class PageParts(IServiceProvider services, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly (string Id, Type Part)[] Designed =
    [
        ("verdict", typeof(VerdictPart)), ("worth", typeof(WorthPart)), ("time", typeof(TimePart)), ("now", typeof(NowPart)),
        ("lately", typeof(LatelyPart)), ("who", typeof(WhoPart)), ("keeps", typeof(KeepsPart)),
    ];

    /// <summary>Renders all parts, in the order of the page.</summary>
    /// <param name="status">What they show.</param>
    /// <param name="span">The span of the chart.</param>
    public async Task<IReadOnlyList<PagePart>> RenderAsync(StatusSnapshot status, string span)
    {
        var view = new PageView(status, span, time.LocalTimeZone);
        await using var renderer = new HtmlRenderer(services, loggers); // one for each time: it keeps what it has rendered
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parts = new List<PagePart>();
            foreach (var (id, part) in Designed)
            {
                parts.Add(new PagePart(id, await Stage.RenderAsync(renderer, part, view)));
            }

            foreach (var section in status.Sections)
            {
                var arguments = new Dictionary<string, object> { [nameof(SectionPart.Key)] = section.Key };
                var html = await Stage.RenderAsync(renderer, typeof(SectionPart), view, arguments);
                parts.Add(new PagePart(PagePart.IdOf(section.Key), html, IsSection: true));
            }

            return parts;
        });
    }
}

/// <summary>A part as HTML.</summary>
/// <param name="Id">Of its element: letters, digits and hyphens.</param>
/// <param name="Html">What is inside.</param>
/// <param name="IsSection">Whether it is a section as it is, for those who want all of it.</param>
internal sealed record PagePart(string Id, string Html, bool IsSection = false)
{
    /// <summary>The id for a section's key, which foreign code says.</summary>
    public static string IdOf(string key) =>
        $"all-{string.Concat(key.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))}";
}
