using AptP2P.Fuzz.Targets;

namespace AptP2P.Fuzz;

/// <summary>A door at which foreign bytes come in, and what must hold behind it whatever they are.</summary>
/// <param name="Name">As its folder in <c>corpus</c>.</param>
/// <param name="Holds">Throws when something does not.</param>
internal sealed record Target(string Name, Target.Property Holds)
{
    internal delegate void Property(ReadOnlySpan<byte> input);

    /// <summary>The doors of the daemon itself.</summary>
    public static Target[] OfHost { get; } =
    [
        new("request-heads", RequestHeads.Check),
        new("request-target", RequestTargets.Check),
        new("range", Ranges.Check),
        new("release", Releases.Check),
        new("packages", Packages.Check),
        new("pdiff-index", PdiffIndexes.Check),
        new("list-names", ListNames.Check),
        new("ini", IniFiles.Check),
    ];

    /// <summary>The doors of the plugins.</summary>
    public static Target[] OfPlugins { get; } =
    [
        new("bencode", Bencode.Check),
        new("krpc", Krpc.Check),
        new("node-state", NodeStates.Check),
        new("piece-list", PieceLists.Check),
        new("have", Haves.Check),
        new("reach", Reaches.Check),
        new("refusals", Refusals.Check),
        new("lan", LanMessages.Check),
        new("port-answers", PortAnswers.Check),
        new("upnp-search", UpnpPages.CheckSearch),
        new("upnp-description", UpnpPages.CheckDescription),
        new("upnp-call", UpnpPages.CheckCall),
    ];

    public static IEnumerable<Target> All => [.. OfHost, .. OfPlugins];

    public static Target Find(string name) =>
        All.Concat(Planted.Targets).FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException(
            $"There is no target {name}, but {string.Join(", ", All.Select(target => target.Name))}.", nameof(name));

    /// <summary>
    /// Tries an input. What is made once in a process, such as all that the first exception needs, is no input's cost: too much must be too
    /// much again.
    /// </summary>
    public void Check(ReadOnlySpan<byte> input)
    {
        try
        {
            Holds(input);
        }
        catch (AllowanceException)
        {
            Holds(input);
        }
    }
}
