using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace AptP2P.Stats.Page;

/// <summary>Renders one part of the page. Every value in it is encoded, by Razor.</summary>
internal sealed class Stage : ComponentBase
{
    [Parameter]
    public Type? Part { get; set; }

    [Parameter]
    public PageView? View { get; set; }

    /// <summary>Further parameters of the part.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, object>? Arguments { get; set; }

    public static async Task<string> RenderAsync(
        HtmlRenderer renderer, Type part, PageView view, IReadOnlyDictionary<string, object>? arguments = null)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(Part)] = part,
            [nameof(View)] = view,
            [nameof(Arguments)] = arguments,
        };
        return (await renderer.RenderComponentAsync<Stage>(ParameterView.FromDictionary(parameters))).ToHtmlString();
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<PageView>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), View);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.ChildContent), (RenderFragment)(inner =>
        {
            inner.OpenComponent(0, Part!);
            inner.AddMultipleAttributes(1, Arguments ?? new Dictionary<string, object>());
            inner.CloseComponent();
        }));
        builder.CloseComponent();
    }
}
