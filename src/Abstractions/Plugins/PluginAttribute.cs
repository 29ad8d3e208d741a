namespace AptP2P;

/// <summary>
/// Names the one <see cref="IPlugin"/> of an assembly. An attribute, because a search through all types fails for the whole assembly when
/// one of them cannot be loaded.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)] // more than one is an error that the loader can name
public sealed class PluginAttribute(Type entryType) : Attribute
{
    /// <summary>A public class with a parameterless constructor that implements <see cref="IPlugin"/>.</summary>
    public Type EntryType { get; } = entryType;
}
