namespace AptP2P.Host.Configuration;

/// <summary>A key that a section once had. Whoever still writes it is told what to write now.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class FormerKeyAttribute(string key, string now) : Attribute
{
    public string Key => key;

    /// <summary>What to write in its place.</summary>
    public string Now => now;
}
