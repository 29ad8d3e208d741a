namespace AptP2P.Architecture.Layers;

/// <summary>
/// The rooms of one part of the code, and which of them may mention which others. A room is a namespace right below the part; the empty
/// name is the part itself.
/// </summary>
/// <param name="Part">The namespace whose rooms these are.</param>
/// <param name="MayCall">Each room, with the rooms that it may mention.</param>
internal sealed record LayerTable(string Part, Dictionary<string, string[]> MayCall)
{
    /// <summary>Rooms that all may mention, and that mention none.</summary>
    public string[] ForAll { get; init; } = [];

    /// <summary>Rooms that may mention all, since they put the others together.</summary>
    public string[] Above { get; init; } = [];

    public override string ToString() => Part;

    /// <summary>Which rooms of it a type lies in; nothing if it lies elsewhere.</summary>
    public static string? Room(string part, Type type) =>
        type.Namespace is not { } space ? null
        : space == part ? ""
        : space.StartsWith(part + ".", StringComparison.Ordinal) ? space[(part.Length + 1)..].Split('.')[0]
        : null;

    /// <summary>Every mention of one room in another, as the code has it now.</summary>
    public IEnumerable<(string Caller, string Callee, string Example)> Mentions(IEnumerable<Type> types) =>
        from type in types
        let caller = Room(Part, type)
        where caller is not null
        from called in TypeReferences.Of(type)
        let callee = called.Assembly == type.Assembly ? Room(Part, called) : null
        where callee is not null && callee != caller
        select (caller, callee, $"{type.FullName} mentions {called.FullName}");

    /// <summary>Rooms that wait for each other; none in a table that can be read from the ground up.</summary>
    public IEnumerable<string> Circle()
    {
        var left = MayCall.ToDictionary(entry => entry.Key, entry => entry.Value);
        while (left.Where(entry => !entry.Value.Any(left.ContainsKey)).Select(entry => entry.Key).ToArray() is { Length: > 0 } leaves)
        {
            foreach (var leaf in leaves)
            {
                left.Remove(leaf);
            }
        }

        return left.Keys;
    }
}
