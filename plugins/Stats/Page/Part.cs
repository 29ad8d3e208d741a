using AptP2P.Stats.Sections;
using Microsoft.AspNetCore.Components;

namespace AptP2P.Stats.Page;

/// <summary>A part of the page. Public because Razor's components are; there is nothing in it for others.</summary>
public abstract class Part : ComponentBase
{
    [CascadingParameter]
    internal PageView View { get; set; } = null!; // the stage gives it

    private protected StatusSnapshot Status => View.Status;
}
