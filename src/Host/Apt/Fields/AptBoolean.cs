namespace AptP2P.Host.Apt.Fields;

/// <summary>A truth value as apt reads it, in its configuration and in what it downloads (StringToBool in strutl.cc).</summary>
internal static class AptBoolean
{
    public static bool IsTrue(string value) => value.Trim().ToUpperInvariant() is "YES" or "TRUE" or "WITH" or "ON" or "ENABLE" or "1";
}
