namespace AptP2P.Host.Configuration;

/// <summary>Names of sections and keys mean the same in any case, as in .NET's own configuration.</summary>
internal sealed class SectionKeyComparer : IEqualityComparer<(string Section, string Key)>
{
    public static readonly SectionKeyComparer Instance = new();

    public bool Equals((string Section, string Key) x, (string Section, string Key) y) =>
        StringComparer.OrdinalIgnoreCase.Equals(x.Section, y.Section) && StringComparer.OrdinalIgnoreCase.Equals(x.Key, y.Key);

    public int GetHashCode((string Section, string Key) obj) =>
        HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Section), StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Key));
}
