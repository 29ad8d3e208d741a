namespace AptP2P;

/// <summary>
/// A key that a section once had, on the class of its options. Whoever still writes it is told what to write now, and the daemon does not
/// start: what the key was for would silently not be done.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class FormerKeyAttribute(string key, string now) : Attribute
{
    /// <summary>Its name.</summary>
    public string Key { get; } = key;

    /// <summary>What to write in its place, for people.</summary>
    public string Now { get; } = now;
}
